// The small parts, each alone.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import test from "node:test";
import { gzipSync } from "node:zlib";

import { canonical, sha256 } from "../../Static/field/core/canonical.js";
import { Clock } from "../../Static/field/core/clock.js";
import { Frames, frames, importQueue, queueText } from "../../Static/field/core/handover.js";
import { PhotoRefused, prepare, stripped } from "../../Static/field/core/photo.js";
import { qr, qrPath } from "../../Static/field/core/qr.js";
import { Retry } from "../../Static/field/core/retry.js";
import { newKey, seal, verify } from "../../Static/field/core/seal.js";
import { uuid7 } from "../../Static/field/core/uuid.js";
import { Disk } from "./support/memory.js";
import { Phone, chance, filing, visit } from "./support/phone.js";
import { exif, readByZbar, segment } from "./support/picture.js";
import { Server } from "./support/server.js";

const core = new URL("../../Static/field/core/", import.meta.url);

test("canonical form: the vectors that the Swift tests read too", async () => {
  const vectors = JSON.parse(readFileSync(new URL("vectors/canonical.json", import.meta.url)));
  assert.ok(vectors.length >= 10);
  for (const { name, json, without = [], canonical: wanted, sha256: hash } of vectors) {
    assert.equal(canonical(JSON.parse(json), without), wanted, name);
    assert.equal(await sha256(wanted), hash, name);
    assert.equal(createHash("sha256").update(wanted).digest("hex"), hash, name);
  }
});

test("canonical form: what no operation may hold is refused, not rounded", () => {
  for (const bad of [1.5, NaN, Infinity, 2 ** 53, "\ud800", { a: "\udc00" }, new Date(), undefined, () => 1, 1n, new Map()]) {
    assert.throws(() => canonical({ bad: [bad] }), TypeError, String(bad));
  }
  assert.equal(canonical({ a: undefined, b: 1 }), '{"b":1}');
});

test("uuid: version 7, in order of time, unique, and not upset by a clock at or before 1970", () => {
  const ids = Array.from({ length: 1000 }, (_, at) => uuid7(1_795_000_000_000 + at));
  assert.deepEqual([...ids].sort(), ids);
  for (const id of [...ids.slice(0, 9), uuid7(0), uuid7(-5)]) {
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
  assert.equal(parseInt(ids[0].replace("-", "").slice(0, 12), 16), 1_795_000_000_000);
  assert.equal(new Set(Array.from({ length: 5000 }, () => uuid7(0))).size, 5000);
});

test("seal: the signature holds for the operation, for no other, and the key cannot be taken out", async () => {
  const { key, point } = await newKey();
  assert.equal(Buffer.from(point, "base64url").length, 65);
  await assert.rejects(crypto.subtle.exportKey("pkcs8", key));
  const { text, hash } = await seal({ op: "1", n: 1 }, key);
  const operation = JSON.parse(text);
  assert.equal(Buffer.from(operation.sig, "base64url").length, 64);
  assert.equal(hash, createHash("sha256").update('{"n":1,"op":"1"}').digest("hex"));
  assert.equal(await verify(operation, point), true);
  assert.equal(await verify({ ...operation, n: 2 }, point), false);
  assert.equal(await verify(operation, (await newKey()).point), false);
});

test("clock: what two tabs hear agrees, the newest token is kept, a night's sleep is believed", async () => {
  const disk = new Disk();
  let [wall, mono] = [1000, 0];
  const clock = new Clock({ wall: () => wall, mono: () => mono });
  await clock.load(disk.open());
  assert.equal(clock.today().sure, false, "before the server's first word");
  const now = Date.UTC(2026, 1, 14, 7);
  await clock.heard({ now, server_token: `${now}.a`, person: "p" });
  await clock.heard({ now: now + 5, server_token: `${now - 9}.b`, person: "p" });
  await clock.heard({ now: now + 5, server_token: `${now}.c`, person: "q" });
  assert.deepEqual([clock.token("p"), clock.token("q")], [`${now}.a`, `${now}.c`]);
  wall += 8 * 3_600_000; // asleep: the monotonic clock stood still
  mono += 1000;
  assert.deepEqual([clock.now(), clock.today().sure], [now + 5 + 8 * 3_600_000, true]);
  const later = new Clock({ wall: () => wall, mono: () => 7 });
  await later.load(disk.open());
  assert.deepEqual([later.now(), later.token("p"), later.shift], [clock.now(), `${now}.a`, clock.shift]);
});

test("retry: from 2 s to 15 min, half of it chance, never sooner than the server asked, anew after a reset", () => {
  for (const random of [() => 0, () => 0.999, chance(5)]) {
    const retry = new Retry(random);
    const waits = Array.from({ length: 30 }, () => retry.next());
    assert.ok(waits.every((wait) => wait >= 2000 && wait <= 900_000));
    assert.ok(waits[12] >= 450_000);
    retry.reset();
    assert.ok(retry.next() <= 2000);
    assert.equal(retry.next(60_000), 60_000);
    assert.equal(retry.next(9e9), 900_000);
  }
  const spread = new Set(Array.from({ length: 50 }, (_, seed) => new Retry(chance(seed)).next(0)));
  assert.ok(new Set([...spread].map(Math.round)).size >= 1);
});

test("qr: every version from 1 to 20 is read by zbar", () => {
  const most = [14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624, 666];
  most.forEach((length, at) => {
    const random = chance(length);
    const text = Array.from({ length }, () => String.fromCharCode(48 + random.below(70))).join("");
    const code = qr(text);
    assert.equal(code.size, 17 + 4 * (at + 1), "a full code of its version");
    assert.equal(readByZbar(code), text, `version ${at + 1}`);
  });
  assert.equal(readByZbar(qr("Жаршы: қағаз тізім")), "Жаршы: қағаз тізім");
  assert.throws(() => qr("x".repeat(667)), RangeError);
  assert.match(qrPath("x").d, /^M4 4h1v1h-1z/);
});

test("hand-over: a queue goes through QR pictures, in any order, with repeats, and is checked", async () => {
  const server = new Server({ verifies: true });
  const field = await new Phone(server).signedIn();
  for (let at = 0; at < 12; at += 1) await field.outbox.seal(at % 4 === 0 ? filing(at + 1) : visit(String(at)));
  const text = await queueText(field.outbox);
  assert.equal(text.split("\n")[0], '{"format":"jarshy-queue","version":1}');
  const pictures = await frames(text);
  assert.ok(pictures.length > 3);
  const seen = pictures.map((frame) => readByZbar(qr(frame)));
  const gathered = new Frames();
  assert.equal(gathered.add("https://example.org"), null);
  for (const frame of seen.slice(1).reverse()) gathered.add(frame);
  assert.equal(await gathered.text(), null);
  assert.deepEqual(gathered.add(seen[1]), { have: pictures.length - 1, total: pictures.length, missing: [1] });
  gathered.add(seen[0]);
  assert.equal(await gathered.text(), text);
  // A spoilt frame with the right head: never a wrong queue.
  gathered.add(seen[2].replace(/.$/, (char) => (char === "A" ? "B" : "A")));
  assert.equal(await gathered.text(), null);
  const courier = await new Phone(server).signedIn("yerlan");
  assert.deepEqual(await importQueue(`${text}{"op":"x"}\nnoise\n`, courier.outbox), { taken: 12, known: 0, refused: 2 });
  await courier.sync.tap();
  assert.equal(server.applied.length, 12);
  await assert.rejects(importQueue("hello", courier.outbox), TypeError);
});

const SCAN = [...segment(0xda, [1, 1, 0, 0, 63, 0]), 1, 2, 0xff, 0, 3, 0xff, 0xd0, 4, 5];
const TABLES = [...segment(0xdb, "quantisation"), ...segment(0xc0, "frame"), ...segment(0xc4, "huffman")];

test("photo: position data, previews and comments go, the picture stays byte for byte, and stays upright", async () => {
  const icc = segment(0xe2, "ICC_PROFILE\0\x01\x01colours");
  const jfif = segment(0xe0, "JFIF\0\x01\x01");
  const secrets = [exif(6), segment(0xe1, "http://ns.adobe.com/xap/1.0/\0<GPSLatitude>43.2"), segment(0xfe, "by Aigerim")];
  const more = [segment(0xe2, "MPF\0preview"), segment(0xed, "Photoshop 3.0\0IPTC"), segment(0xe5, "SEFT")];
  const picture = Buffer.from([...TABLES, ...SCAN, ...SCAN, 0xff, 0xd9]);
  const start = Buffer.from([0xff, 0xd8]);
  const bytes = Buffer.concat([start, jfif, ...secrets, icc, ...more, picture, Buffer.from("trailer with GPS")]);
  const { clean, type } = stripped(new Uint8Array(bytes));
  assert.equal(type, "image/jpeg");
  const text = Buffer.from(clean).toString("latin1");
  for (const gone of ["GPS", "Aigerim", "preview", "IPTC", "SEFT", "trailer"]) assert.ok(!text.includes(gone), gone);
  const upright = Buffer.from(clean).subarray(2, 38);
  assert.equal(upright.subarray(4, 10).toString("latin1"), "Exif\0\0");
  assert.equal(upright[29], 6, "turned as before");
  assert.deepEqual(Buffer.from(clean).subarray(38), Buffer.concat([jfif, icc, picture]));
  assert.deepEqual(stripped(clean).clean, clean, "twice is once");
  const sheet = await prepare(new Blob([bytes]), { role: "tally" });
  assert.equal(sheet.sha256, createHash("sha256").update(clean).digest("hex"));
  assert.deepEqual([sheet.bytes, sheet.role, sheet.blob.size, sheet.type], [clean.length, "tally", clean.length, "image/jpeg"]);
});

test("photo: PNG keeps its picture and loses its texts; broken and other files are refused", () => {
  const chunk = (name, data) => {
    const bytes = Buffer.alloc(12 + data.length);
    bytes.writeUInt32BE(data.length, 0);
    bytes.write(name + data, 4, "latin1");
    return bytes;
  };
  const head = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const picture = [chunk("IHDR", "size"), chunk("IDAT", "pixels"), chunk("IEND", "")];
  const bytes = Buffer.concat([head, picture[0], chunk("eXIf", "GPS"), chunk("tEXt", "Aigerim"), picture[1], picture[2], head]);
  assert.deepEqual(Buffer.from(stripped(bytes).clean), Buffer.concat([head, ...picture]));
  const jpeg = [0xff, 0xd8, ...TABLES, ...SCAN];
  const start = [0xff, 0xd8];
  const cut = [start, jpeg, [...jpeg, 0xff], [...start, 0xff, 0xe1, 0xff, 0xff], [...start, 1, 2, 3, 4], [...head, 0, 0]];
  for (const bad of [[], [0x25, 0x50, 0x44, 0x46], ...cut]) {
    assert.throws(() => stripped(Uint8Array.from(bad)), PhotoRefused);
  }
});

test("weight: what signing in needs is at most 10 KB compressed, the whole core 28 KB", () => {
  const weigh = (names) => gzipSync(Buffer.concat(names.map((name) => readFileSync(new URL(name, core)))), { level: 9 }).length;
  const entry = ["canonical.js", "clock.js", "entry.js", "seal.js", "session.js", "store.js", "transport.js"];
  const all = readdirSync(core).filter((name) => name.endsWith(".js"));
  console.log(`# core: ${all.length} modules, ${weigh(all)} bytes compressed; to sign in ${weigh(entry)}`);
  assert.ok(weigh(entry) <= 10 * 1024);
  assert.ok(weigh(all) <= 28 * 1024);
});
