// The outbox and the real server together (P6-P9, P16 of reference/reporting.md): several phones of two people, couriers,
// lost answers, altered copies, a phone restored from a backup, a key ended early, a server killed. A failure prints its seed.
//   JARSHY_SEEDS=2 shortens it; JARSHY_SEED=7 runs one seed alone.

import assert from "node:assert/strict";
import test, { after, before } from "node:test";

import { importQueue, queueText } from "../../Static/field/core/handover.js";
import { NotSaved } from "../../Static/field/core/outbox.js";
import { Jarshy } from "./support/jarshy.js";
import { Phone, chance, seeds } from "./support/phone.js";

const STEPS = Number(process.env.JARSHY_STEPS ?? 60);
const PASSWORD = "jarshy-demo";
const NETWORKS = "good good good good off portal 502 lost lost cut twice".split(" ");
const page = (status, text, type = "text/html") => new Response(text, { status, headers: { "content-type": type } });

let server;
let admin;
before(async () => {
  server = await Jarshy.start();
  admin = server.run("token", "--login", "admin").trim();
});
after(() => server?.close());

/** One request of ours with somebody's token; the status and the parsed answer. */
async function call(path, token, body) {
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  const reply = await fetch(server.base + path, { method: body ? "POST" : "GET", headers, body });
  return { status: reply.status, json: await reply.json() };
}

const send = async (token, texts) => (await call("/api/v1/sync", token, `{"device":"","ops":[${texts.join(",")}]}`)).json;

class World {
  constructor(seed) {
    this.random = chance(seed);
    this.phones = [];
    this.healed = false;
    this.saved = new Map(); // op -> text
    this.revoked = new Set();
  }

  async add(login, disk) {
    const phone = new Phone(null, { disk, fetch: (url, init) => this.network(url, init) });
    phone.wall = Date.now();
    const field = await phone.page({ random: this.random, patience: 30_000 });
    const one = { phone, field, login };
    this.phones.push(one);
    if (disk) return one;
    this.calm = true;
    await field.session.signIn({ login, password: PASSWORD, name: "A05" });
    await field.sync.tap();
    this.calm = false;
    return one;
  }

  async network(url, init) {
    const mode = this.healed || this.calm ? "good" : this.random.of(NETWORKS);
    if (mode === "off") throw new TypeError("no network");
    if (mode === "portal") return page(200, "<html>Wi-Fi</html>");
    if (mode === "502") return page(502, "<h1>Bad gateway</h1>");
    if (mode === "twice") await fetch(server.base + url, init);
    const reply = await fetch(server.base + url, init);
    if (mode === "lost") throw new TypeError("connection reset");
    if (mode !== "cut") return reply;
    const text = await reply.text();
    return page(200, text.slice(0, this.random.below(text.length + 1)), "application/json");
  }

  /** Every row of every disk, by its operation: copies of a disk hold some of them twice. */
  rows() {
    return this.phones.flatMap(({ phone }) => [...phone.disk.tables.get("ops").values()]);
  }

  metrics() {
    return { events: 1, attendees: 1 + this.random.below(60) };
  }
}

async function sealing(world, work) {
  try {
    const { op } = await work();
    world.saved.set(op, true);
  } catch (fault) {
    if (!(fault instanceof NotSaved)) throw fault;
  }
}

const DEEDS = {
  async file(world, { field }) {
    const { random } = world;
    // Now and then a unit that nobody has: refused, and what builds on it with it.
    const unit = random() < 0.08 ? "000" : world.unit;
    const place = { campaign: "referendum", unit, day: field.clock.today().day, channel: "in_person" };
    const body = { kind: "report.file", ...place, activity: "meeting", audience: "residents", metrics: world.metrics() };
    await sealing(world, () => field.outbox.seal(body));
  },

  async revise(world, { field }) {
    const mine = (await field.outbox.reports()).filter(({ id }) => world.saved.has(id));
    if (mine.length === 0) return;
    const { id } = world.random.of(mine);
    await sealing(world, () =>
      world.random() < 0.85
        ? field.outbox.correct(id, { metrics: world.metrics(), reason: "typo" })
        : field.outbox.voidReport(id, { reason: "twice" }),
    );
  },

  /** Two phones of one person correct the same version of a report, neither knowing of the other. */
  async rivals(world, one) {
    const other = world.phones.find((another) => another !== one && another.login === one.login);
    if (!other || !one.field.session.person || !other.field.session.person) return;
    const { healed } = world;
    world.healed = true;
    for (const { field } of [one, other]) await field.sync.tap();
    world.healed = healed;
    const known = async ({ field }) => new Map((await field.outbox.reports())
      .filter(({ id, rev, fate }) => world.saved.has(id) && rev > 0 && fate === "counted").map(({ id, rev }) => [id, rev]));
    const [mine, theirs] = [await known(one), await known(other)];
    const shared = [...mine].filter(([id, rev]) => theirs.get(id) === rev).map(([id]) => id);
    if (shared.length === 0) return;
    const id = world.random.of(shared);
    for (const { field } of [one, other]) {
      await sealing(world, () => field.outbox.correct(id, { metrics: world.metrics(), reason: "recount" }));
    }
  },

  async sync(world, { field }) {
    await field.sync.tap();
  },

  async reload(world, one) {
    one.field.die();
    one.field = await one.phone.page({ random: world.random, patience: 30_000 });
  },

  /** The queue travels in another's hands as well. */
  async courier(world, { field }) {
    const other = world.random.of(world.phones);
    if (field.session.person && other.field.session.person) await importQueue(await queueText(field.outbox), other.field.outbox);
  },

  async decide(world, { field }) {
    const needs = (await field.outbox.list()).filter(({ state, carried }) => state === "needs" && !carried);
    if (needs.length === 0) return;
    const { op, mendedBy, retryable } = world.random.of(needs);
    if (retryable) return field.outbox.retry(op);
    if (mendedBy) return field.outbox.dismiss(op);
    const draft = await field.outbox.mend(op);
    const { form } = (await field.outbox.drafts()).find(({ id }) => id === draft);
    const body = form.body.unit ? { ...form.body, unit: world.unit } : form.body;
    await sealing(world, () => field.outbox.seal(JSON.parse(JSON.stringify(body)), { draft, mends: op }));
  },

  /** Somebody on the way changes a figure: told so, and never stored. */
  async altered(world, { field }) {
    const rows = world.rows().filter(({ text }) => text.includes('"attendees":'));
    if (rows.length === 0 || !field.session.token) return;
    const text = world.random.of(rows).text.replace(/"attendees":\d+/, '"attendees":99999');
    const { outcomes } = await send(admin, [text]);
    assert.equal(outcomes[0].status, "refused");
    assert.match(outcomes[0].problem.type, /signature/);
  },

  /** Two phones with one key: one was restored from the other's backup. */
  async restored(world, one) {
    if (world.phones.length > 3 || !one.field.session.person || world.random() < 0.5) return;
    await world.add(one.login, one.phone.disk.copy());
  },

  async ended(world, { field }) {
    const { token, current } = field.session;
    if (!token || world.revoked.size > 0 || world.random() < 0.5) return;
    world.revoked.add(current.device);
    await fetch(`${server.base}/api/v1/devices/self`, { method: "DELETE", headers: { Authorization: `Bearer ${token}` } });
  },

  async killed(world) {
    if (world.random() < 0.7) return;
    await server.end("SIGKILL");
    await server.serve();
  },
};

const CHANCES = "file file file file revise revise revise rivals rivals sync sync sync reload courier decide altered restored ended killed".split(" ");

/** The network heals; whoever was signed out by an ended key signs in once more; all is sent until nothing waits. */
async function heal(world) {
  world.healed = true;
  for (const { field, login } of world.phones) {
    await field.sync.tap();
    if (field.sync.status.trouble?.reason === "sign-in") {
      await field.session.signIn({ login, password: PASSWORD, name: "A05" });
    }
  }
  for (let round = 0; round < 6; round += 1) for (const { field } of world.phones) await field.sync.tap();
}

/** P16, P7: a fate for everything sealed, and the same receipt however it is sent again. */
async function fates(world) {
  const rows = new Map();
  for (const row of world.rows()) {
    assert.ok(["accepted", "needs"].includes(row.state), `P16: ${row.op} is ${row.state} ${JSON.stringify(row.parked)}`);
    const known = rows.get(row.op);
    if (known) {
      assert.equal(row.text, known.text, "two disks hold the same operation");
      assert.equal(row.state, known.state, `two phones tell two fates of ${row.op}`);
    }
    if (!known || known.carried) rows.set(row.op, row);
  }
  for (const op of world.saved.keys()) assert.ok(rows.has(op), "P16: what was called saved is here");
  const all = [...rows.values()].sort(() => world.random() - 0.5);
  for (let at = 0; at < all.length; at += 50) {
    const batch = all.slice(at, at + 50);
    const { outcomes } = await send(admin, batch.map(({ text }) => text));
    for (const [index, row] of batch.entries()) {
      const again = outcomes[index];
      if (row.state === "accepted") assert.deepEqual(again, row.outcome, "P7: another receipt for the same operation");
      else assert.notEqual(again.status, "accepted", `P16: ${row.op} needs somebody and is counted`);
    }
  }
  return rows;
}

/** P9: what applies builds on what stood, and on what its author named. -> sums of what stands. */
async function chains(rows) {
  const sums = { events: 0, attendees: 0 };
  for (const row of rows.values()) {
    if (row.kind !== "report.file" || row.state !== "accepted") continue;
    const { json: report } = await call(`/api/v1/reports/${row.op}`, admin);
    const numbers = new Map(report.revisions.map(({ op, rev }) => [op, rev]));
    let standing = 0;
    for (const { op, rev, state, base_rev: base } of report.revisions) {
      const { base_op: named } = JSON.parse(rows.get(op).text);
      if (named) assert.equal(base, numbers.get(named), `P9: ${op} builds on ${base}, its author named ${named}`);
      assert.equal(state === "applied", base === standing, `P9: ${op} on ${base} is ${state} while ${standing} stands`);
      if (state === "applied") standing = rev;
    }
    if (report.voided) continue;
    const { metrics } = JSON.parse(rows.get(report.revisions.find(({ rev }) => rev === standing).op).text);
    for (const metric of Object.keys(sums)) sums[metric] += metrics[metric] ?? 0;
  }
  return sums;
}

/** The server lacks of every phone exactly the numbers that need somebody, and what a restored copy used twice. */
async function numbers(world, rows) {
  for (const { field } of world.phones) {
    const { device, restored } = field.session.current;
    if (restored || world.phones.filter((one) => one.field.session.current.device === device).length > 1) continue;
    const { json } = await call("/api/v1/devices/self", field.session.token);
    const missing = json.missing.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, at) => from + at));
    const needs = new Set([...rows.values()].filter((row) => row.device === device && row.state === "needs").map(({ n }) => n));
    assert.deepEqual(missing.filter((n) => !needs.has(n)), [], "P16: the server lacks what the phone calls accepted");
  }
}

async function rollup(unit) {
  const { json } = await call(`/api/v1/rollups?campaign=referendum&unit=${unit}`, admin);
  return Object.fromEntries(["events", "attendees"].map((metric) => [metric, json.totals[metric]?.total ?? 0]));
}

test("P6-P9, P16: the real outbox and the real server agree on every operation, whatever happens on the way", async () => {
  const sums = {};
  for (const seed of seeds(8)) {
    const world = new World(seed);
    try {
      for (const login of ["secretary", "secretary", "activist"]) await world.add(login);
      world.unit = world.phones[0].field.pull.data.units.find(({ home }) => home).code;
      const first = await rollup(world.unit);
      for (let step = 0; step < STEPS; step += 1) {
        const name = world.random.of(CHANCES);
        await DEEDS[name](world, world.random.of(world.phones));
        sums[name] = (sums[name] ?? 0) + 1;
      }
      await heal(world);
      const rows = await fates(world);
      const stands = await chains(rows);
      await numbers(world, rows);
      const last = await rollup(world.unit);
      const moved = { events: last.events - first.events, attendees: last.attendees - first.attendees };
      assert.deepEqual(moved, stands, "the totals are what the accepted operations say");
      for (const { state, outcome } of rows.values()) {
        const fate = outcome?.effect ?? state;
        sums[fate] = (sums[fate] ?? 0) + 1;
      }
    } catch (fault) {
      fault.message = `JARSHY_SEED=${seed}: ${fault.message}`;
      throw fault;
    }
  }
  server.run("recount");
  console.log(`# seeds ${seeds(8).join(" ")} × ${STEPS} steps:`, JSON.stringify(sums));
  assert.ok(seeds(8).length < 5 || (sums.applied > 100 && sums.competing > 0 && sums.needs > 0), "it has looked at something");
});
