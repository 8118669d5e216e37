// Phones of the benchmark `phones`: the field app's own core, a storage in memory and the real server. One process plays
// them all. Reads {address, password, logins, units, campaign, operations, seconds, queue} from standard input; prints one
// JSON object: what each part saw, latencies in milliseconds.
//
//   singles  every phone has network: an operation a request, `operations` of them spread over `seconds`
//   taps     every phone was offline, comes back at a moment of its own within `seconds`, sends all it has in one request
//            and asks for news, as the app does
//   queue    one phone with `queue` operations empties

import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";

import { Phone, chance } from "../../Tests/Field/support/phone.js";

const told = JSON.parse(readFileSync(0, "utf8"));
const random = chance(8454);
const AGENT = new Agent({ keepAlive: true, maxSockets: Infinity });
const PATIENCE = 120_000;

/** The little of `fetch` that the core's transport asks for. */
function call(url, { method, headers, body }) {
  const bytes = body === undefined ? null : Buffer.from(body);
  const length = bytes ? { "Content-Length": bytes.length } : {};
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent: AGENT, headers: { ...headers, ...length } }, (reply) => {
      const parts = [];
      reply.on("data", (part) => parts.push(part));
      reply.on("error", reject);
      reply.on("end", () => {
        const empty = [204, 304].includes(reply.statusCode);
        resolve(new Response(empty ? null : Buffer.concat(parts), { status: reply.statusCode, headers: reply.headers }));
      });
    });
    sent.on("error", reject);
    sent.end(bytes);
  });
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));

const filing = (unit, day) => ({
  ...{ kind: "report.file", campaign: told.campaign, unit, day, activity: "meeting", audience: "residents" },
  ...{ channel: "in_person", metrics: { events: 1, attendees: 5 + random.below(56), questions: random.below(6) } },
});

function summary(latencies) {
  const sorted = [...latencies].sort((one, other) => one - other);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { requests: sorted.length, p50: at(0.5), p99: at(0.99), most: sorted.at(-1) ?? 0 };
}

/** Counts the states of everything sealed so far. */
async function states(fields) {
  const counts = {};
  for (const field of fields) {
    for (const { state } of await field.outbox.rows()) counts[state] = (counts[state] ?? 0) + 1;
  }
  return counts;
}

async function signIn(login, unit) {
  const latencies = [];
  const fetch = async (path, init) => {
    const began = performance.now();
    const reply = await call(told.address + path, init);
    latencies.push(performance.now() - began);
    return reply;
  };
  const phone = new Phone(null, { fetch });
  phone.wall = Date.now();
  const field = await phone.signedIn(login, { password: told.password, patience: PATIENCE });
  return { field, unit, latencies };
}

async function seal({ field, unit }, count) {
  const { day } = field.clock.today();
  for (let at = 0; at < count; at += 1) await field.outbox.seal(filing(unit, day));
}

/** What each phone has waiting, an operation a request, evenly over the time; late answers do not hold up the next. */
async function singles(phones) {
  const requests = [];
  for (const { field } of phones) {
    const { token, current } = field.session;
    const waiting = await field.outbox.waiting();
    const step = (told.seconds * 1000) / waiting.length;
    waiting.forEach((row, turn) => {
      const body = `{"device":"${current.device}","ops":[${row.text}]}`;
      const headers = { Authorization: `Bearer ${token}`, Accept: "application/json", "Content-Type": "application/json" };
      requests.push({ field, row, due: (turn + random()) * step, init: { method: "POST", headers, body } });
    });
  }
  const latencies = [];
  const began = performance.now();
  await Promise.all(
    requests.map(async (one) => {
      await sleep(one.due - (performance.now() - began));
      const reply = await call(`${told.address}/api/v1/sync`, one.init);
      // From when it was due: a server that holds up the sender is not spared.
      latencies.push(performance.now() - began - one.due);
      one.outcomes = reply.ok ? (await reply.json()).outcomes : [];
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  for (const { field, row, outcomes } of requests) {
    await field.outbox.settle([row], new Map(outcomes.map((outcome) => [outcome.op, outcome])));
  }
  return { ...summary(latencies), seconds };
}

async function taps(phones) {
  for (const { latencies } of phones) latencies.length = 0;
  const began = performance.now();
  await Promise.all(
    phones.map(async ({ field }) => {
      await sleep(random() * told.seconds * 1000);
      await field.sync.tap();
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  return { ...summary(phones.flatMap(({ latencies }) => latencies)), seconds };
}

async function queue(phone) {
  await seal(phone, told.queue);
  phone.latencies.length = 0;
  const began = performance.now();
  const { waits, trouble } = await phone.field.sync.tap();
  const seconds = (performance.now() - began) / 1000;
  return { ...summary(phone.latencies), seconds, waits, trouble };
}

const phones = [];
// One after another: many wrong passwords at once from one address is what the server holds up.
for (const [at, login] of told.logins.entries()) phones.push(await signIn(login, told.units[at]));
const fields = phones.map(({ field }) => field);
const report = {};
for (const phone of phones) await seal(phone, told.operations);
report.singles = { ...(await singles(phones)), states: await states(fields) };
for (const phone of phones) await seal(phone, told.operations);
report.taps = { ...(await taps(phones)), states: await states(fields) };
const last = await signIn(told.logins[0], told.units[0]);
report.queue = { ...(await queue(last)), states: await states([last.field]) };
console.log(JSON.stringify(report));
AGENT.destroy();
