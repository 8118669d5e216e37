// Client and real server together: the same outbox, the same transport, `jarshy serve` on the demo. JARSHY_BINARY names the
// program (bin/test sets it; else .build/debug/jarshy).

import assert from "node:assert/strict";
import test, { after, before } from "node:test";

import { Disk } from "./support/memory.js";
import { Jarshy } from "./support/jarshy.js";
import { Phone, chance } from "./support/phone.js";

const PORTAL = () => new Response("<html>Wi-Fi</html>", { headers: { "content-type": "text/html" } });

let server;
before(async () => {
  server = await Jarshy.start();
});
after(() => server?.close());

/** A phone of the secretary, its network in the test's hands: `network(send)` gets the real request to make, or not. */
async function phone(network = (send) => send(), disk = new Disk()) {
  const device = new Phone(null, { disk, fetch: (url, init) => device.network(() => fetch(server.base + url, init), url) });
  device.network = (send) => send();
  device.wall = Date.now();
  const field = await device.signedIn("secretary", { password: "jarshy-demo" });
  device.network = network;
  return { device, field };
}

async function rollup(unit) {
  const answer = await fetch(`${server.base}/api/v1/rollups?campaign=referendum&unit=${unit}`, {
    headers: { Authorization: `Bearer ${server.run("token", "--login", "admin").trim()}` },
  });
  const { totals } = await answer.json();
  return Object.fromEntries(["events", "attendees"].map((metric) => [metric, totals[metric]?.total ?? 0]));
}

/** Where and when the secretary may report. */
async function place(field) {
  await field.sync.tap();
  const unit = field.pull.data.units.find(({ home }) => home).code;
  return { unit, day: field.clock.today().day };
}

const filing = (where, attendees) => ({
  ...{ kind: "report.file", campaign: "referendum", ...where, activity: "meeting", audience: "residents" },
  ...{ channel: "in_person", metrics: { events: 1, attendees } },
});

test("faults 2, 4, 10: reports and corrections through portals, a clock at 1970, and a server killed after its commit", async () => {
  const { device, field } = await phone();
  const where = await place(field);
  const first = await rollup(where.unit);
  device.network = () => {
    throw new TypeError("no network");
  };
  device.wall = 0;
  const ops = [];
  for (const attendees of [20, 30, 40]) ops.push((await field.outbox.seal(filing(where, attendees))).op);
  await field.outbox.correct(ops[0], { metrics: { events: 1, attendees: 21 }, reason: "typo" });
  await field.outbox.correct(ops[0], { metrics: { events: 1, attendees: 22 }, reason: "typo" });
  await field.outbox.voidReport(ops[1], { reason: "twice" });
  assert.equal((await field.sync.tap()).trouble.reason, "offline");
  device.network = PORTAL;
  assert.equal((await field.sync.tap()).trouble.reason, "portal");
  device.network = async (send, url) => {
    const reply = await send();
    if (!url.endsWith("/sync")) return reply;
    await server.end("SIGKILL");
    throw new TypeError("connection reset");
  };
  assert.equal((await field.sync.tap()).waits, 6);
  field.die();
  await server.serve();
  device.network = (send) => send();
  const next = await device.page();
  const status = await next.sync.tap();
  assert.deepEqual([status.trouble, status.waits], [null, 0]);
  const list = await next.outbox.list();
  assert.deepEqual(list.map(({ state }) => state), Array.from({ length: 6 }, () => "accepted"), JSON.stringify(list));
  assert.deepEqual(await rollup(where.unit), { events: first.events + 2, attendees: first.attendees + 62 });
  const mine = (await next.outbox.reports()).filter(({ id }) => ops.includes(id));
  assert.deepEqual(mine.map(({ counted }) => counted?.attendees).sort(), [22, 40, undefined]);
  server.run("recount");
});

test("faults 1, 6: 40 operations sent by two tabs and again in shuffled copies count once; a refusal holds up nobody", async () => {
  const random = chance(40);
  const requests = [];
  const { device, field } = await phone();
  const where = await place(field);
  const first = await rollup(where.unit);
  device.network = async (send, url) => {
    if (url.endsWith("/sync")) requests.push(send);
    return send();
  };
  const other = await device.page();
  for (let at = 1; at <= 40; at += 1) await field.outbox.seal(filing(at === 7 ? { ...where, unit: "000" } : where, 1));
  await Promise.all([field.sync.tap(), other.sync.tap()]);
  await Promise.all(Array.from({ length: 20 }, () => random.of(requests)()));
  const list = await other.outbox.list();
  assert.equal(list.filter(({ state }) => state === "accepted").length, 39);
  assert.deepEqual(list.filter(({ state }) => state === "needs").map(({ n }) => n), [7]);
  assert.deepEqual(await rollup(where.unit), { events: first.events + 39, attendees: first.attendees + 39 });
  server.run("recount");
});
