// Outbox and a model of the server, under lost replies, duplicates, late copies, portals, crashes at any await, reloads, two
// tabs, changes of person and clocks that jump. At the end everything sealed is accepted exactly once or needs somebody.
//   JARSHY_SEEDS=20 shortens it; JARSHY_SEED=7 runs one seed alone.

import assert from "node:assert/strict";
import test from "node:test";

import { NotSaved } from "../../Static/field/core/outbox.js";
import { Phone, chance, filing, seeds, visit } from "./support/phone.js";
import { Server } from "./support/server.js";

const STEPS = Number(process.env.JARSHY_STEPS ?? 100);
const PERSONS = ["aigerim", "yerlan"];
const NETWORKS = "good good good off portal 502 lost cut twice late 401 503 413".split(" ");
const PORTAL = "<html><title>Wi-Fi</title>Sign in to go on</html>";
const page = (status, text, type) => new Response(text, { status, headers: { "content-type": type } });

/** One phone with up to two tabs, and what a careful person would remember of it. */
class World {
  constructor(seed) {
    this.random = chance(seed);
    this.server = new Server({ random: this.random, now: () => Date.UTC(2026, 1, 14, 7) });
    this.server.refuse = ({ metrics, house }) => (metrics?.attendees % 13 === 0 || house === "13" ? "unlucky" : null);
    this.phone = new Phone(this.server);
    this.saved = new Map(); // op -> text, of every seal that said "saved"
    this.drafts = new Map(PERSONS.map((login) => [login, new Set()])); // surely there
    this.login = null;
    this.tabs = [];
    this.old = []; // bodies of requests that may arrive once more
    this.foreign = [];
    this.deeds = {};
    const judge = this.server.judge.bind(this.server);
    this.server.judge = (device, operation) => {
      if (device.person !== operation.author) this.foreign.push(operation.op);
      return judge(device, operation);
    };
  }

  /** The network of one moment. */
  network = async (url, init) => {
    const { random, server } = this;
    if (init.method === "POST" && url.endsWith("/sync")) this.old.push([url, init]);
    switch (this.healed ? "good" : random.of(NETWORKS)) {
      case "off":
        throw new TypeError("no network");
      case "portal":
        return page(200, PORTAL, "text/html");
      case "502":
        return page(502, "<h1>Bad gateway</h1>", "text/html");
      case "503":
        return page(503, '{"type":"/problems/busy","status":503}', "application/problem+json");
      case "401":
        return page(401, '{"type":"/problems/sign-in","status":401}', "application/problem+json");
      case "413":
        return page(413, "too large", "text/html");
      case "lost":
        await server.fetch(url, init);
        throw new TypeError("connection reset");
      case "cut": {
        const text = await (await server.fetch(url, init)).text();
        return page(200, text.slice(0, random.below(text.length + 1)), "application/json");
      }
      case "twice":
        await server.fetch(url, init);
        return server.fetch(url, init);
      case "late":
        if (this.old.length > 0) await server.fetch(...random.of(this.old));
        return server.fetch(url, init);
      default:
        return server.fetch(url, init);
    }
  };

  async open() {
    const tab = { countdown: Infinity };
    tab.death = new Promise((resolve) => {
      tab.died = resolve;
    });
    const fault = async () => {
      tab.countdown -= 1;
      if (tab.countdown > 0) return;
      tab.field?.die();
      tab.died("died");
      await new Promise(() => {});
    };
    const fetch = async (...call) => {
      await fault();
      const reply = await this.network(...call);
      await fault();
      return reply;
    };
    tab.field = await this.phone.page({ fault, fetch, random: this.random });
    this.tabs.push(tab);
    return tab;
  }

  /** Runs a deed in a tab which may die at any await of it. -> its result, "died", or null when nothing was saved. */
  async within(tab, deed) {
    if (!this.healed && this.random() < 0.15) tab.countdown = 1 + this.random.below(30);
    const result = await Promise.race([
      deed(tab.field).catch((fault) => {
        if (fault instanceof NotSaved || fault.name === "SignInFailed") return null;
        throw fault;
      }),
      tab.death,
    ]);
    tab.countdown = Infinity;
    if (result === "died") this.tabs = this.tabs.filter((one) => one !== tab);
    return result;
  }

  async signIn(login) {
    if (this.tabs.length === 0) await this.open();
    const tab = this.tabs[0];
    const result = await this.within(tab, (field) => field.session.signIn({ login, password: "x", name: "A05" }));
    for (const other of this.tabs) await other.field.session.load();
    // Whoever the disk says it is: a crash after the commit has signed in all the same.
    await this.who();
    return result;
  }

  async who() {
    if (this.tabs.length === 0) await this.open();
    for (const { field } of this.tabs) await field.session.load();
    this.login = this.tabs[0].field.session.current?.person.name ?? null;
  }

  /** Everything this disk holds of operations. */
  rows() {
    return [...this.phone.disk.tables.get("ops").values()];
  }
}

const metrics = (random) => ({ events: 1, attendees: 1 + random.below(60), questions: random.below(9) });

const DEEDS = {
  async file(world, tab) {
    const { random } = world;
    const body = random() < 0.6 ? filing(0, { metrics: metrics(random) }) : visit(String(random.below(20)));
    const login = world.login;
    const draft = random() < 0.5 ? await world.within(tab, (field) => field.outbox.draft(null, { body })) : null;
    if (draft === "died") return;
    if (draft) world.drafts.get(login).add(draft);
    // A second tap while the first is still under way.
    const taps = draft && random() < 0.3 ? 2 : 1;
    const seal = (field) => Promise.all(Array.from({ length: taps }, () => field.outbox.seal(body, draft ? { draft } : {})));
    const records = await world.within(tab, seal);
    if (draft) world.drafts.get(login).delete(draft);
    if (records === null && draft) world.drafts.get(login).add(draft);
    if (Array.isArray(records)) {
      for (const { op } of records) world.saved.set(op, login);
      assert.equal(new Set(records.map(({ op }) => op)).size, 1, "one draft seals once");
    }
  },

  async revise(world, tab) {
    const known = await tab.field.outbox.reports();
    if (known.length === 0) return;
    const { id } = world.random.of(known);
    const record = await world.within(tab, (field) =>
      world.random() < 0.8
        ? field.outbox.correct(id, { metrics: metrics(world.random), reason: "recount" })
        : field.outbox.voidReport(id, { reason: "twice" }),
    );
    if (record?.op) world.saved.set(record.op, world.login);
  },

  async sync(world, tab) {
    const others = world.tabs.length > 1 ? world.tabs[1].field.sync.run() : null;
    await world.within(tab, (field) => field.sync.tap());
    if (others && world.tabs.length > 1) await Promise.race([others, world.tabs[world.tabs.length - 1].death]);
  },

  async decide(world, tab) {
    const needs = (await tab.field.outbox.list()).filter(({ state }) => state === "needs");
    if (needs.length === 0) return;
    const { op, mendedBy, retryable } = world.random.of(needs);
    if (retryable) await world.within(tab, (field) => field.outbox.retry(op));
    else if (mendedBy) await world.within(tab, (field) => field.outbox.dismiss(op));
    else {
      await world.within(tab, async ({ outbox }) => {
        const draft = await outbox.mend(op);
        const { form } = (await outbox.drafts()).find(({ id }) => id === draft);
        const body = { ...form.body, metrics: form.body.metrics && { events: 1, attendees: 1 }, house: form.body.house && "1" };
        const record = await outbox.seal(JSON.parse(JSON.stringify(body)), { draft, mends: op });
        world.saved.set(record.op, world.login);
      });
    }
  },

  async reload(world, tab) {
    tab.field.die();
    world.tabs = world.tabs.filter((one) => one !== tab);
  },

  async tab(world) {
    if (world.tabs.length < 2) await world.open();
  },

  async both(world) {
    if (world.tabs.length < 2) return;
    const seals = world.tabs.map(({ field }) => field.outbox.seal(visit("2")));
    for (const { op } of await Promise.all(seals)) world.saved.set(op, world.login);
  },

  async person(world, tab) {
    if (world.random() < 0.7) await world.within(tab, (field) => field.session.signOut());
    await world.signIn(world.random.of(PERSONS));
  },

  async clock(world) {
    world.phone.wall = world.random.of([0, Date.UTC(2026, 1, 14, 7), Date.UTC(2027, 1, 14), Date.UTC(2026, 1, 14, 18, 59)]);
    world.phone.mono += world.random.below(100_000);
  },
};

const CHANCES = "file file file revise revise sync sync sync decide reload tab both person clock".split(" ");

/** What holds after every step. */
function always(world, texts) {
  const rows = world.rows();
  for (const { op, text } of rows) {
    if (texts.has(op)) assert.equal(text, texts.get(op), "a sealed operation never changes");
    texts.set(op, text);
  }
  assert.equal(rows.length, texts.size, "nothing sealed is ever removed");
  const here = new Set(rows.map(({ op }) => op));
  for (const op of world.saved.keys()) assert.ok(here.has(op), "what was called saved is here");
  assert.deepEqual(world.foreign, [], "nobody's work is sent under another's name");
  assert.equal(new Set(world.server.applied).size, world.server.applied.length, "counted once");
  const applied = new Set(world.server.applied);
  for (const { op, state } of rows) assert.ok(state !== "accepted" || applied.has(op), "accepted only by the server's word");
  const numbers = new Map();
  for (const row of rows) numbers.set(row.device, [...(numbers.get(row.device) ?? []), row]);
  for (const [device, mine] of numbers) {
    const sorted = mine.map(({ n }) => n).sort((one, other) => one - other);
    assert.deepEqual(sorted, sorted.map((_, at) => at + 1), `numbers of ${device} have no gap`);
    assert.equal(world.phone.disk.tables.get("devices").get(device).n, sorted.length);
  }
}

/** The network heals, everybody signs in once more: what holds then. */
async function finally_(world) {
  world.healed = true;
  for (const tab of world.tabs) tab.field.die();
  world.tabs = [];
  world.phone.locks.held.clear();
  for (const login of PERSONS) {
    await world.signIn(login);
    const { field } = world.tabs[0];
    for (let round = 0; round < 6; round += 1) await field.sync.tap();
    const { counted, waiting, waits } = await field.outbox.totals();
    const nonzero = (sums) => Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum !== 0));
    assert.equal(waits, 0, "nothing is left waiting");
    assert.deepEqual(nonzero(waiting), {});
    assert.deepEqual(nonzero(counted), nonzero(world.server.totals(field.session.current.person.id)), "totals agree");
    const drafts = new Set((await field.outbox.drafts()).map(({ id }) => id));
    for (const draft of world.drafts.get(login)) assert.ok(drafts.has(draft), "a draft is kept");
  }
  const applied = new Set(world.server.applied);
  for (const row of world.rows()) {
    assert.ok(row.state === "accepted" || row.state === "needs", `${row.op} is ${row.state}`);
    assert.equal(row.state === "accepted", applied.has(row.op));
    const kept = world.server.inbox.get(`${row.author} ${row.op}`);
    if (kept) assert.equal(kept.hash, row.hash, "the server holds what was sealed");
    if (row.state === "accepted") assert.deepEqual(row.outcome, JSON.parse(kept.receipt), "the receipt, as it was given");
  }
  assert.deepEqual(world.server.forks, [], "no device's chain forks");
}

test("every sealed operation ends accepted exactly once or in needs, whatever happens on the way", async () => {
  const sums = {};
  for (const seed of seeds()) {
    const world = new World(seed);
    try {
      await world.signIn(PERSONS[0]);
      while (!world.login) await world.signIn(PERSONS[0]);
      const texts = new Map();
      for (let step = 0; step < STEPS; step += 1) {
        if (world.tabs.length === 0) await world.open();
        await world.who();
        if (!world.login) {
          await world.signIn(world.random.of(PERSONS));
          continue;
        }
        const name = world.random.of(CHANCES);
        await DEEDS[name](world, world.random.of(world.tabs));
        sums[name] = (sums[name] ?? 0) + 1;
        always(world, texts);
      }
      await finally_(world);
    } catch (fault) {
      fault.message = `JARSHY_SEED=${seed}: ${fault.message}`;
      throw fault;
    }
    for (const { state } of world.rows()) sums[state] = (sums[state] ?? 0) + 1;
  }
  assert.ok(sums.accepted > 0 && (seeds().length < 5 || sums.needs > 0), "the test has looked at something");
  console.log(`# seeds 1..${seeds().length} × ${STEPS} steps:`, JSON.stringify(sums));
});
