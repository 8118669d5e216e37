// Faults of reference/reporting.md, section 6, on the way between phone and server, and in time. Each by its number.

import assert from "node:assert/strict";
import test from "node:test";

import { sha256 } from "../../Static/field/core/canonical.js";
import { Clock } from "../../Static/field/core/clock.js";
import { importQueue, queueText } from "../../Static/field/core/handover.js";
import { Phone, filing, visit } from "./support/phone.js";
import { Server } from "./support/server.js";

const said = (status, text, type = "text/html") => new Response(text, { status, headers: { "content-type": type } });
const JSON_TYPE = "application/json";
const states = async (field) => (await field.outbox.list()).map(({ state }) => state).reverse();
const noise = (length, seed = 1) => Uint8Array.from({ length }, (_, at) => (at * 7919 + seed * 104729 + (at >> 8)) & 255);

async function photo(bytes) {
  return { sha256: await sha256(bytes), role: "tally", bytes: bytes.length, blob: new Blob([bytes]) };
}

test("fault 2: the reply is lost after the commit; sent again the next day, after a restart, it counts once", async () => {
  const server = new Server({ verifies: true });
  const phone = new Phone(server);
  let field = await phone.signedIn();
  await field.outbox.seal(filing(57));
  phone.fetch = async (...call) => {
    await server.fetch(...call);
    throw new TypeError("connection reset");
  };
  const status = await field.sync.tap();
  assert.equal(status.trouble.reason, "offline");
  assert.deepEqual(await states(field), ["sealed"]);
  field.die();
  phone.wall += 86_400_000;
  phone.fetch = server.fetch;
  field = await phone.page();
  await field.sync.tap();
  assert.deepEqual(await states(field), ["accepted"]);
  assert.equal(server.applied.length, 1);
  assert.deepEqual((await field.outbox.totals()).counted, { events: 1, attendees: 57 });
});

for (const [name, answer, reason] of [
  ["portal with 200 and HTML", () => said(200, "<html>Sign in"), "portal"],
  ["portal with 200 and JSON of its own", () => said(200, "{}", "application/json"), "portal"],
  ["portal that redirects", () => new Response(null, { status: 302, headers: { location: "http://login" } }), "portal"],
  ["portal that knows our shape, not our operation", () => said(200, '{"outcomes":[{"op":"x"}]}', JSON_TYPE), "portal"],
  ["proxy's 502", () => said(502, "<h1>Bad gateway"), "server"],
  ["JSON cut short", () => said(200, '{"outcomes":[{"op":', "application/json"), "cut"],
  ["HTML called JSON", () => said(200, "<html>", "application/json"), "cut"],
  ["ended token", () => said(401, '{"type":"/problems/sign-in"}', "application/problem+json"), "sign-in"],
  ["lost right", () => said(403, '{"type":"/problems/forbidden"}', "application/problem+json"), "forbidden"],
  ["busy server", () => said(503, '{"type":"/problems/busy"}', "application/problem+json"), "busy"],
]) {
  test(`fault 4: ${name}: everything stays waiting, and goes out later`, async () => {
    const server = new Server();
    const phone = new Phone(server);
    const field = await phone.signedIn();
    for (let house = 0; house < 3; house += 1) await field.outbox.seal(visit(String(house)));
    phone.fetch = async () => answer();
    assert.equal((await field.sync.tap()).trouble.reason, reason);
    assert.deepEqual(await states(field), ["sealed", "sealed", "sealed"]);
    phone.fetch = server.fetch;
    assert.equal((await field.sync.tap()).trouble, null);
    assert.deepEqual(await states(field), ["accepted", "accepted", "accepted"]);
  });
}

test("fault 4: an answer for some of the operations settles those alone", async () => {
  const server = new Server();
  const phone = new Phone(server);
  const field = await phone.signedIn();
  for (let house = 0; house < 4; house += 1) await field.outbox.seal(visit(String(house)));
  phone.fetch = async (url, init) => {
    const reply = await server.fetch(url, init);
    if (!url.endsWith("/sync")) return reply;
    const { outcomes } = await reply.json();
    return said(200, JSON.stringify({ outcomes: [outcomes[2], null, { op: outcomes[0].op, status: "fine" }] }), JSON_TYPE);
  };
  await field.sync.tap();
  assert.deepEqual(await states(field), ["sealed", "sealed", "accepted", "sealed"]);
});

test("a fate is final: a later answer for the same operation, from another tab or another network, changes nothing", async () => {
  const field = await new Phone(new Server()).signedIn();
  await field.outbox.seal(visit("1"));
  const batch = await field.outbox.waiting();
  const answer = (status) => new Map([[batch[0].op, { op: batch[0].op, status, problem: { type: "/problems/late" } }]]);
  for (const status of ["accepted", "refused", "parked", "mismatch"]) await field.outbox.settle(batch, answer(status));
  await field.outbox.unreadable(batch[0], { type: "/problems/late" });
  await field.outbox.retry(batch[0].op);
  await field.outbox.dismiss(batch[0].op);
  const [record] = await field.outbox.list();
  assert.deepEqual([record.state, record.outcome.status, record.reason], ["accepted", "accepted", null]);
});

test("fault 4: 413 makes batches smaller; one operation that is too large alone needs somebody and holds up nobody", async () => {
  const server = new Server();
  const phone = new Phone(server);
  const field = await phone.signedIn();
  for (let house = 0; house < 7; house += 1) await field.outbox.seal(visit(house === 3 ? "x".repeat(900) : String(house)));
  const sizes = [];
  phone.fetch = async (url, init) => {
    if (!url.endsWith("/sync")) return server.fetch(url, init);
    sizes.push(JSON.parse(init.body).ops.length);
    if (init.body.length > 1300) return said(413, '{"type":"/problems/too-large"}', "application/problem+json");
    return server.fetch(url, init);
  };
  await field.sync.tap();
  assert.deepEqual(await states(field), ["accepted", "accepted", "accepted", "needs", "accepted", "accepted", "accepted"]);
  assert.equal(sizes[0], 7);
  assert.equal((await field.outbox.list()).find(({ state }) => state === "needs").reason.type, "too-large");
});

test("batches hold at most 50 operations and 256 KB, in order", async () => {
  const server = new Server();
  const phone = new Phone(server);
  const field = await phone.signedIn();
  for (let house = 0; house < 120; house += 1) await field.outbox.seal(visit(String(house).padEnd(house > 60 ? 20_000 : 1, "0")));
  const ops = [];
  phone.fetch = async (url, init) => {
    if (url.endsWith("/sync")) ops.push(...JSON.parse(init.body).ops);
    return server.fetch(url, init);
  };
  await field.sync.tap();
  assert.deepEqual(ops.map(({ n }) => n), Array.from({ length: 120 }, (_, at) => at + 1));
  assert.ok(Math.max(...server.bodies) <= 256 * 1024 + 100 && server.bodies.length >= 6);
});

test("fault 5: operation 3 of 50 is refused; 49 are accepted, and the refused one is mended under a new id", async () => {
  const server = new Server();
  server.refuse = ({ metrics }) => (metrics?.attendees === 570 ? "out-of-bounds" : null);
  const field = await new Phone(server).signedIn();
  for (let at = 1; at <= 50; at += 1) await field.outbox.seal(at === 3 ? filing(570) : visit(String(at)));
  await field.sync.tap();
  const needs = (await field.outbox.list()).filter(({ state }) => state === "needs");
  assert.deepEqual(needs.map(({ n, reason }) => [n, reason.type]), [[3, "out-of-bounds"]]);
  assert.equal(server.applied.length, 49);
  const draft = await field.outbox.mend(needs[0].op);
  const { form } = (await field.outbox.drafts())[0];
  const mended = await field.outbox.seal({ ...form.body, metrics: { events: 1, attendees: 57 } }, { draft, mends: form.mends });
  await field.sync.tap();
  const list = await field.outbox.list();
  assert.equal(list.find(({ n }) => n === 3).mendedBy, mended.op);
  assert.deepEqual((await field.outbox.totals()).counted, { events: 1, attendees: 57 });
});

test("fault 6: the same operations by net and by a courier's file count once", async () => {
  const server = new Server({ verifies: true });
  const village = new Phone(server);
  const author = await village.signedIn("aigerim");
  await author.outbox.seal(filing(20));
  await author.outbox.seal(visit("5"));
  const file = await queueText(author.outbox);
  const courier = await new Phone(server).signedIn("yerlan");
  assert.deepEqual(await importQueue(file, courier.outbox), { taken: 2, known: 0, refused: 0 });
  assert.deepEqual(await importQueue(file, courier.outbox), { taken: 0, known: 2, refused: 0 });
  await Promise.all([courier.sync.tap(), author.sync.tap()]);
  assert.deepEqual([await states(courier), await states(author)], [["accepted", "accepted"], ["accepted", "accepted"]]);
  assert.equal(server.applied.length, 2);
  assert.deepEqual((await courier.outbox.totals()).counted, {}, "carried work is not the courier's");
  assert.equal((await courier.outbox.list())[0].body, null, "the courier does not read it");
  // Altered on the way: the server refuses the signature.
  const other = await village.page();
  await other.outbox.seal(filing(57));
  const forged = (await queueText(other.outbox)).replace('"attendees":57', '"attendees":570');
  await importQueue(forged, courier.outbox);
  await courier.sync.tap();
  assert.equal((await courier.outbox.list())[0].reason.type, "signature");
});

test("fault 6: what a courier carries behind a refused operation does not wait for ever; more of that phone frees it", async () => {
  const server = new Server({ verifies: true });
  server.refuse = ({ metrics }) => (metrics?.attendees === 570 ? "out-of-bounds" : null);
  const author = await new Phone(server).signedIn("aigerim");
  const refused = await author.outbox.seal(filing(570));
  await author.outbox.correct(refused.op, { metrics: { events: 1, attendees: 57 }, reason: "typo" });
  const late = await author.outbox.seal(filing(20));
  const lines = (await queueText(author.outbox)).split("\n");
  await author.outbox.correct(late.op, { metrics: { events: 1, attendees: 21 }, reason: "typo" });
  const last = (await queueText(author.outbox)).split("\n")[4];
  const courier = await new Phone(server).signedIn("yerlan");
  await importQueue([...lines.slice(0, 3), last].join("\n"), courier.outbox);
  assert.equal((await courier.sync.tap()).waits, 0);
  assert.deepEqual(await states(courier), ["needs", "needs", "needs"]);
  // The filing that the last correction waits for comes by the same hand a day later.
  await importQueue([lines[0], lines[3]].join("\n"), courier.outbox);
  for (let round = 0; round < 3; round += 1) await courier.sync.tap();
  assert.deepEqual(await states(courier), ["needs", "needs", "accepted", "accepted"]);
  assert.equal(server.reports.get(late.op).metrics.attendees, 21);
});

test("fault 8: evidence cut at each chunk edge goes on from the server's offset, on any network, to the promised hash", async () => {
  const server = new Server();
  const phone = new Phone(server);
  const bytes = noise(4 * 1024 * 1024);
  let field = await phone.signedIn();
  const record = await field.outbox.seal(filing(), { files: [await photo(bytes)] });
  const offsets = [];
  let cuts = 0;
  phone.fetch = async (url, init) => {
    if (init.method === "PUT") offsets.push(Number(new URL(url, "http://m").searchParams.get("offset")));
    const reply = await server.fetch(url, init);
    if (init.method === "PUT" && offsets.length % 3 === 0 && cuts < 5) {
      cuts += 1;
      throw new TypeError("cut");
    }
    return reply;
  };
  for (let day = 0; day < 6; day += 1) {
    await field.sync.tap();
    field.die();
    field = await phone.page();
  }
  assert.equal(cuts, 5);
  assert.deepEqual((await field.evidence.list(record.op)).map(({ state }) => state), ["received"]);
  const [item] = server.promised.values();
  assert.equal(Buffer.compare(item.data, Buffer.from(bytes)), 0);
  assert.equal(new Set(offsets).size, offsets.length, "no byte the server has is sent twice");
});

test("fault 8: wrong hash, zero bytes, a lost photo, and the same photo twice", async () => {
  const server = new Server();
  const field = await new Phone(server).signedIn();
  const wrong = { ...(await photo(noise(10))), blob: new Blob([noise(10, 2)]) };
  const same = await photo(noise(300_000, 3));
  const empty = await photo(new Uint8Array(0));
  const lost = { ...(await photo(noise(5, 9))), blob: undefined };
  await field.outbox.seal(filing(1), { files: [wrong, same] });
  await field.outbox.seal(filing(2), { files: [same, lost] });
  await field.sync.tap();
  const fates = (await field.evidence.list()).map(({ state, reason, sha256: name }) => [name, state, reason?.type]);
  const fate = (file) => fates.filter(([name]) => name === file.sha256).map(([, state, type]) => type ?? state);
  assert.deepEqual([fate(wrong), fate(same), fate(lost)], [["hash"], ["received", "received"], ["photo-lost"]]);
  await assert.rejects(field.outbox.seal(filing(3), { files: [empty] }), TypeError);
});

test("fault 10: the phone's clock at 1970, a year ahead, and back during filling: the day stays the server's", async () => {
  const server = new Server();
  const phone = new Phone(server);
  const field = await phone.signedIn();
  for (const wall of [0, Date.UTC(2027, 1, 14), -5, phone.wall - 3_600_000]) {
    phone.wall = wall;
    phone.mono += 60_000;
    assert.deepEqual(field.clock.today(), { day: "2026-02-14", sure: false }, `${wall}`);
    const { op } = await field.outbox.seal(filing(1, { day: field.clock.today().day }));
    assert.match(op, /^019c5a/, "ids are in the server's time");
  }
  // Midnight in Astana is twelve hours on, by the monotonic clock alone.
  phone.mono += 12 * 3_600_000;
  assert.equal(field.clock.today().day, "2026-02-15");
  await field.outbox.seal(visit("1"));
  // The phone was off, and starts at 1970: it cannot be earlier than what it knew.
  const later = await phone.page();
  assert.deepEqual(later.clock.today(), { day: "2026-02-15", sure: false });
});

test("fault 10: the day is UTC+5 in every zone of the phone, on a leap day and at a year's end", () => {
  for (const [utc, day] of [
    ["2026-02-14T18:59:59Z", "2026-02-14"],
    ["2026-02-14T19:00:00Z", "2026-02-15"],
    ["2028-02-28T19:00:00Z", "2028-02-29"],
    ["2026-12-31T19:00:00Z", "2027-01-01"],
  ]) {
    for (const zone of ["UTC", "America/New_York", "Pacific/Kiritimati"]) {
      process.env.TZ = zone;
      assert.equal(new Clock({ wall: () => Date.parse(utc), mono: () => 0 }).today().day, day, zone);
    }
  }
});

test("fault 15: corrections on a report not yet sent form a chain; each applies on the one before", async () => {
  const server = new Server();
  const field = await new Phone(server).signedIn();
  const { op } = await field.outbox.seal(filing(57));
  for (const attendees of [58, 59]) await field.outbox.correct(op, { metrics: { events: 1, attendees }, reason: "typo" });
  const [last, first] = await field.outbox.list();
  assert.deepEqual([first.body.base_op, last.body.base_op], [op, first.op]);
  assert.deepEqual((await field.outbox.totals()).waiting, { events: 1, attendees: 59 });
  await field.sync.tap();
  assert.deepEqual(server.reports.get(op).metrics, { events: 1, attendees: 59 });
  await field.outbox.voidReport(op, { reason: "twice" });
  assert.deepEqual((await field.outbox.totals()).waiting, { events: -1, attendees: -59 });
  await field.sync.tap();
  assert.deepEqual((await field.outbox.totals()).counted, {});
});

test("fault 15: of two phones on one base, in both orders, one applies and the other is shown as competing", async () => {
  for (const first of [0, 1]) {
    const server = new Server();
    const phones = [await new Phone(server).signedIn(), await new Phone(server).signedIn()];
    const { op } = await phones[0].outbox.seal(filing(57));
    for (const field of phones) await field.sync.tap();
    await phones[0].outbox.correct(op, { metrics: { events: 1, attendees: 10 }, reason: "typo" });
    await phones[1].outbox.correct(op, { metrics: { events: 1, attendees: 20 }, reason: "typo" });
    for (const field of [phones[first], phones[1 - first], phones[first]]) await field.sync.tap();
    const [winner] = await phones[first].outbox.reports();
    const [loser] = await phones[1 - first].outbox.reports();
    assert.deepEqual([winner.fate, loser.fate], ["counted", "competing"]);
    assert.equal(winner.counted.attendees, first === 0 ? 10 : 20);
    assert.deepEqual(loser.counted, winner.counted, "both show what the server counts");
    // The next correction of the loser is based on what applies, and wins.
    await phones[1 - first].outbox.correct(op, { metrics: { events: 1, attendees: 30 }, reason: "typo" });
    await phones[1 - first].sync.tap();
    assert.equal(server.reports.get(op).metrics.attendees, 30);
  }
});

test("fault 2: the receipt is lost but the server's list has the report: a correction is based on the lost one", async () => {
  const server = new Server();
  const phone = new Phone(server);
  const field = await phone.signedIn();
  const { op } = await field.outbox.seal(filing(57));
  await field.outbox.seal(visit("1"));
  phone.fetch = async (url, init) => {
    const reply = await server.fetch(url, init);
    if (!url.endsWith("/sync")) return reply;
    return said(200, JSON.stringify({ outcomes: (await reply.json()).outcomes.slice(1) }), JSON_TYPE);
  };
  await field.sync.tap();
  assert.deepEqual([await states(field), field.pull.data.reports.length], [["sealed", "accepted"], 1]);
  const { body } = await field.outbox.correct(op, { metrics: { events: 1, attendees: 5 }, reason: "typo" });
  assert.equal(body.base_op, op);
  phone.fetch = server.fetch;
  await field.sync.tap();
  assert.deepEqual((await field.outbox.totals()).counted, { events: 1, attendees: 5 });
});
