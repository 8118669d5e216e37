// Faults of reference/reporting.md, section 6, between the phone's core and the real server. Each by its number.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import test, { after, before } from "node:test";
import { gzipSync } from "node:zlib";

import { Jarshy } from "./support/jarshy.js";
import { Phone } from "./support/phone.js";

const TYPE = "application/problem+json";

/** A JPEG of 8 × 8 black points. */
const PICTURE = Buffer.from(
  [
    "/9j/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/wAALCAAIAAgB",
    "AREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEI",
    "I0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZ",
    "mqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/APP6/9k=",
  ].join(""),
  "base64",
);

let server;
before(async () => {
  server = await Jarshy.start();
});
after(() => server?.close());

async function phone() {
  const device = new Phone(null, { fetch: (url, init) => device.network(() => fetch(server.base + url, init), url, init) });
  device.network = (send) => send();
  device.wall = Date.now();
  const field = await device.signedIn("secretary", { password: "jarshy-demo", patience: 30_000 });
  await field.sync.tap();
  const where = { unit: field.pull.data.units.find(({ home }) => home).code, day: field.clock.today().day };
  const filing = (attendees = 1) => ({
    ...{ kind: "report.file", campaign: "referendum", ...where, activity: "meeting", audience: "residents" },
    ...{ channel: "in_person", metrics: { events: 1, attendees } },
  });
  return { device, field, where, filing };
}

async function events(unit) {
  const headers = { Authorization: `Bearer ${server.run("token", "--login", "admin").trim()}` };
  const answer = await fetch(`${server.base}/api/v1/rollups?campaign=referendum&unit=${unit}`, { headers });
  return (await answer.json()).totals.events?.total ?? 0;
}

const states = async (field) => (await field.outbox.list()).map(({ state }) => state);
const post = (token, body, more = {}) =>
  fetch(`${server.base}/api/v1/sync`, {
    ...{ method: "POST", body, headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json", ...more } },
  });

test("fault 4: a body cut anywhere, a gzip bomb and a body too large apply nothing; the server goes on", async () => {
  const { field, where, filing } = await phone();
  const first = await events(where.unit);
  for (let at = 0; at < 3; at += 1) await field.outbox.seal(filing());
  const rows = await field.outbox.waiting();
  const body = `{"device":"d","ops":[${rows.map(({ text }) => text).join(",")}]}`;
  const { token } = field.session;
  for (let length = 0; length < body.length; length += Math.ceil(body.length / 40)) {
    const reply = await post(token, body.slice(0, length));
    assert.equal(reply.status, 400, `cut to ${length}`);
    assert.equal(reply.headers.get("content-type"), TYPE);
  }
  const memory = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.process.pid}/status`, "utf8"))[1]) / 1024;
  const start = memory();
  const bomb = gzipSync(Buffer.alloc(300 << 20, " "));
  for (const coding of ["gzip", "deflate"]) {
    const reply = await post(token, bomb, { "Content-Encoding": coding });
    assert.ok([400, 413, 415].includes(reply.status), `${coding}: ${reply.status}`);
  }
  assert.ok(memory() - start < 64, "nothing was unpacked");
  const large = await post(token, Buffer.alloc((1 << 20) + 1, " ")).catch(() => ({ status: 413 }));
  assert.equal(large.status, 413);
  assert.equal(await events(where.unit), first);
  await field.sync.tap();
  assert.deepEqual(await states(field), ["accepted", "accepted", "accepted"]);
  assert.equal(await events(where.unit), first + 3);
});

test("fault 4: more than 50 operations are 413 and nothing of them is applied; the core splits and sends them all", async () => {
  const { device, field, where, filing } = await phone();
  const first = await events(where.unit);
  for (let at = 0; at < 101; at += 1) await field.outbox.seal(filing());
  const rows = await field.outbox.waiting();
  const body = `{"device":"d","ops":[${rows.slice(0, 51).map(({ text }) => text).join(",")}]}`;
  const reply = await post(field.session.token, body);
  assert.deepEqual([reply.status, (await reply.json()).type.split("/").pop()], [413, "too-many-operations"]);
  const { current, token } = field.session;
  assert.deepEqual(await field.sync.transport.sync(token, current.device, rows.slice(0, 51)), { split: true });
  assert.equal(await events(where.unit), first);
  // A proxy before the server takes less than the server does: smaller requests pass.
  const sizes = [];
  device.network = (send, url, init) => {
    if (!url.endsWith("/sync")) return send();
    const { length } = JSON.parse(init.body).ops;
    if (length > 20) return new Response("<h1>413</h1>", { status: 413, headers: { "content-type": "text/html" } });
    sizes.push(length);
    return send();
  };
  await field.sync.tap();
  assert.ok((await states(field)).every((state) => state === "accepted"));
  assert.deepEqual([Math.max(...sizes) <= 20, sizes.reduce((sum, size) => sum + size)], [true, 101]);
  assert.equal(await events(where.unit), first + 101);
});

test("fault 8: a photo of 4 MB arrives at its hash after 5 cut connections, though the answers of three are lost", async () => {
  const { device, field, filing } = await phone();
  // A picture, and bytes behind its end that belong to the file.
  const bytes = Buffer.concat([PICTURE, randomBytes(4 * 1024 * 1024 - PICTURE.length)]);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const file = { sha256, role: "tally", bytes: bytes.length, blob: new Blob([bytes]) };
  const record = await field.outbox.seal(filing(), { files: [file] });
  const puts = [];
  let cuts = 0;
  device.network = async (send, url, init) => {
    if (init.method !== "PUT") return send();
    puts.push(Number(new URL(url, server.base).searchParams.get("offset")));
    if (puts.length % 3 === 0 && cuts < 5) {
      cuts += 1;
      // Cut before it arrived, or after it was kept.
      if (cuts % 2 === 0) throw new TypeError("cut");
      await send();
      throw new TypeError("cut");
    }
    return send();
  };
  for (let round = 0; round < 7; round += 1) await field.sync.tap();
  assert.equal(cuts, 5);
  assert.deepEqual((await field.evidence.list(record.op)).map(({ state }) => state), ["received"]);
  const kept = readFileSync(`${server.file}.files/originals/${sha256.slice(0, 2)}/${sha256}`);
  assert.equal(createHash("sha256").update(kept).digest("hex"), sha256);
  assert.equal(puts.filter((offset, at) => puts.indexOf(offset) !== at).length <= 2, true, `sent twice: ${puts}`);
  const headers = { Authorization: `Bearer ${server.run("token", "--login", "admin").trim()}` };
  const report = await (await fetch(`${server.base}/api/v1/reports/${record.op}`, { headers })).json();
  assert.equal(report.evidenced, true);
});
