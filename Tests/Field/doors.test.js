// Doors: the ids of paper and phone, what a door keeps, and what the phone forgets.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import test from "node:test";

import { FAMILY, isOpen, listsOf, obstacle, progress, takeVisit, visitId } from "../../Static/field/core/visits.js";
import { Phone, chance, seeds } from "./support/phone.js";
import { Server } from "./support/server.js";

const SECRET = Buffer.from("00112233445566778899aabbccddeeff", "hex").toString("base64url");
const LIST = "01975b1e-7c00-7000-8000-00000000000A";
const ROUND = { id: "r", campaign: "referendum", unit: "351033100", class: "information", from: "2026-02-01", to: "2026-02-28",
  hours: { from: "10:00", to: "20:00" }, paused: false, names: {} };

const pulled = (doors, more = {}) => ({
  rounds: [{ ...ROUND, ...more, lists: [{ id: LIST.toLowerCase(), number: 7, until: "2026-02-20", secret: SECRET, check: "/who/x", doors }] }],
});
const street = (count) => Array.from({ length: count }, (_, at) => ({ row: at + 1, street: "Абай", house: String(at + 1), state: "fresh", visits: 0 }));

/** The contract, written out a second time with Node's own HMAC. */
function byHand(list, row, attempt) {
  const mac = createHmac("sha256", Buffer.from(SECRET, "base64url")).update(`${list.toLowerCase()}:${row}:${attempt}`).digest();
  const bytes = mac.subarray(0, 16);
  bytes[6] = (bytes[6] & 0x0f) | 0x80;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

test("a visit's id is the contract's HMAC: version 8, one for each row and attempt", async () => {
  const seen = new Set();
  for (let row = 1; row <= 40; row += 1) {
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const id = await visitId(SECRET, LIST, row, attempt);
      assert.equal(id, byHand(LIST, row, attempt));
      assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      seen.add(id);
    }
  }
  assert.equal(seen.size, 120);
});

test("faults 1, 22: visits of a pair's two phones and of double taps count once; a door's state is the greatest, in any order", async () => {
  for (const seed of seeds(60)) {
    const random = chance(seed);
    const server = new Server({ random });
    const pair = [await new Phone(server).signedIn("aigerim"), await new Phone(server).signedIn("yerlan")];
    const doors = street(6);
    const wanted = new Map();
    for (let step = 0; step < 25; step += 1) {
      const field = random.of(pair);
      const [list] = listsOf(pulled(doors), await field.outbox.list());
      const open = list.doors.filter(isOpen);
      if (open.length === 0) continue;
      const door = random.of(open);
      const outcome = random.of(Object.keys(FAMILY));
      const visit = { day: "2026-02-14", outcome };
      const [one, other] = await Promise.all([takeVisit(field.outbox, list, door, visit), takeVisit(field.outbox, list, door, visit)]);
      assert.equal(one.op, other.op, `seed ${seed}`);
      if (!wanted.has(one.op)) wanted.set(one.op, true);
      if (random.below(3) === 0) await field.sync.tap();
    }
    for (const field of pair) await field.sync.tap();
    const counted = server.applied.filter((op) => wanted.has(op));
    assert.equal(counted.length, wanted.size, `seed ${seed}: each once`);
    for (const field of pair) {
      const rows = await field.outbox.list();
      const shuffled = rows.map((row) => [random(), row]).sort(([a], [b]) => a - b).map(([, row]) => row);
      assert.deepEqual(listsOf(pulled(doors), shuffled), listsOf(pulled(doors), rows), `seed ${seed}`);
      assert.ok(rows.every(({ state }) => state === "accepted"), `seed ${seed}: ${JSON.stringify(rows.map(({ state, reason }) => [state, reason]))}`);
    }
  }
});

test("with the receipt the phone forgets outcome, salt and sealed text; the door keeps its state, before it nothing is lost", async () => {
  const server = new Server();
  const device = new Phone(server);
  const field = await device.signedIn();
  const [list] = listsOf(pulled(street(2)), []);
  await takeVisit(field.outbox, list, list.doors[0], { day: "2026-02-14", outcome: "declined", leaflets: 2, question: true });
  const kept = [...device.disk.tables.get("ops").values()][0];
  const body = JSON.parse(kept.text);
  assert.deepEqual(Object.keys(body).filter((key) => !["op", "at", "n", "prev", "server_token", "author", "key", "sig"].includes(key)).sort(),
    ["attempt", "campaign", "day", "kind", "leaflets", "list", "outcome", "question", "row", "salt"]);
  assert.equal(Buffer.from(body.salt, "base64url").length, 16);
  await field.sync.tap();
  const after = JSON.stringify([...device.disk.tables.get("ops").values()]);
  for (const gone of ["declined", body.salt, "leaflets\":2", "2026-02-14"]) assert.ok(!after.includes(gone), gone);
  const [now] = listsOf(pulled(street(2)), await field.outbox.list());
  assert.deepEqual(now.doors.map(({ state, visits }) => [state, visits]), [["done", 1], ["fresh", 0]]);
});

test("a refused visit changes no door, and its number is not used again", async () => {
  const server = new Server();
  server.refuse = ({ attempt }) => (attempt === 1 ? "quiet-period" : null);
  const field = await new Phone(server).signedIn();
  const lists = async () => listsOf(pulled(street(1)), await field.outbox.list())[0];
  await takeVisit(field.outbox, await lists(), (await lists()).doors[0], { day: "2026-02-14", outcome: "talked" });
  await field.sync.tap();
  assert.deepEqual((await lists()).doors.map(({ state, visits }) => [state, visits]), [["fresh", 1]]);
  await takeVisit(field.outbox, await lists(), (await lists()).doors[0], { day: "2026-02-14", outcome: "talked" });
  await field.sync.tap();
  assert.deepEqual((await lists()).doors.map(({ state, visits }) => [state, visits]), [["done", 2]]);
});

test("what may be visited: not after three times, not where nobody wants it; lists stop for quiet days, pauses, ends and hours", () => {
  const doors = [
    { row: 1, state: "fresh", visits: 0 }, { row: 2, state: "come_back", visits: 2 }, { row: 3, state: "come_back", visits: 3 },
    { row: 4, state: "done", visits: 1 }, { row: 5, state: "do_not_visit" },
  ];
  const [list] = listsOf(pulled(doors), []);
  assert.deepEqual(list.doors.filter(isOpen).map(({ row }) => row), [1, 2]);
  assert.deepEqual(progress(list), { fresh: 1, come_back: 2, done: 1, do_not_visit: 1 });
  const campaigns = [{ code: "referendum", quiet: ["2026-02-14"] }];
  const [campaigning] = listsOf(pulled(doors, { class: "campaigning" }), []);
  const why = (one, day, minute = 720) => obstacle(one, campaigns, day, minute);
  assert.equal(why(list, "2026-02-14"), null, "information goes on");
  assert.equal(why(campaigning, "2026-02-14"), "quiet");
  assert.equal(why(campaigning, "2026-02-13"), null);
  assert.equal(why(list, "2026-02-21"), "over");
  assert.equal(why(listsOf(pulled(doors, { paused: true }), [])[0], "2026-02-13"), "paused");
  assert.deepEqual([599, 600, 1199, 1200].map((minute) => why(list, "2026-02-13", minute)), ["hours", null, null, "hours"]);
});
