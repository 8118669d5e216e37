// Faults of reference/reporting.md, section 6, of the phone itself: keys, storage, tabs, persons. Each by its number.

import assert from "node:assert/strict";
import test from "node:test";

import { sha256 } from "../../Static/field/core/canonical.js";
import { NotSaved } from "../../Static/field/core/outbox.js";
import { StoreRefused, openStore } from "../../Static/field/core/store.js";
import { Disk } from "./support/memory.js";
import { Phone, filing, visit } from "./support/phone.js";
import { Server } from "./support/server.js";

const states = async (field) => (await field.outbox.list()).map(({ state }) => state).reverse();
const QUOTA = (refusal) => refusal instanceof NotSaved && refusal.reason === "quota";

async function photo(bytes) {
  return { sha256: await sha256(bytes), role: "tally", bytes: bytes.length, blob: new Blob([bytes]) };
}

test("fault 31: a phone restored from a backup forks its chain: told to the person, flagged by the server, nothing lost", async () => {
  const server = new Server({ verifies: true });
  const phone = new Phone(server);
  const field = await phone.signedIn();
  await field.outbox.seal(visit("1"));
  const backup = phone.disk.copy();
  await field.outbox.seal(visit("2"));
  await field.sync.tap();
  const restored = await new Phone(server, { disk: backup }).page();
  assert.equal(restored.session.current.restored, false);
  await restored.sync.tap();
  assert.equal(restored.session.current.restored, true);
  const { op, n } = await restored.outbox.seal(visit("3"));
  await restored.sync.tap();
  assert.equal(n, 2);
  assert.deepEqual([server.forks, server.applied.length], [[op], 3]);
  await restored.session.signIn({ login: "aigerim", password: "x", name: "A05" });
  assert.equal(restored.session.current.restored, false);
});

test("fault 31: the key was revoked meanwhile: refused as such, and the phone says so", async () => {
  const server = new Server({ verifies: true });
  const field = await new Phone(server).signedIn();
  await field.outbox.seal(visit("1"));
  server.devices.get(field.session.current.device).revoked = true;
  await field.sync.tap();
  assert.equal((await field.outbox.list())[0].reason.type, "signature");
});

test("fault 32: the same id with other content is a mismatch: kept, shown, never replaced", async () => {
  const server = new Server();
  const field = await new Phone(server).signedIn();
  const { op, author } = await field.outbox.seal(visit("1"));
  server.inbox.set(`${author} ${op}`, { hash: "another", receipt: "{}" });
  await field.sync.tap();
  const [record] = await field.outbox.list();
  assert.deepEqual([record.state, record.reason.type, record.retryable], ["needs", "mismatch", false]);
});

test("fault 40: the quota ends in the middle of saving: refused to save, the draft stays, no number is used up", async () => {
  const server = new Server();
  const phone = new Phone(server);
  let full = false;
  const fault = async (place) => {
    if (full && place === "before commit") throw Object.assign(new Error("full"), { name: "QuotaExceededError" });
  };
  const field = await phone.signedIn("aigerim", { fault });
  const draft = await field.outbox.draft(null, { attendees: 57 });
  full = true;
  await assert.rejects(field.outbox.seal(filing(), { draft }), QUOTA);
  full = false;
  assert.deepEqual((await field.outbox.drafts()).map(({ form }) => form), [{ attendees: 57 }]);
  assert.equal((await field.outbox.seal(filing(), { draft })).n, 1);
  assert.deepEqual(await field.outbox.drafts(), []);
});

test("fault 40: no storage (private mode): refused before anything is typed", async () => {
  await assert.rejects(openStore("x", null), (refusal) => refusal instanceof StoreRefused && refusal.reason === "none");
  const closed = { open: () => { throw new DOMException("no", "SecurityError"); } };
  await assert.rejects(openStore("x", closed), StoreRefused);
});

test("fault 40: two tabs seal and send at once: one number each, one request for each operation", async () => {
  const server = new Server();
  const phone = new Phone(server);
  const one = await phone.signedIn();
  const two = await phone.page();
  await Promise.all(Array.from({ length: 20 }, (_, at) => [one, two][at % 2].outbox.seal(visit(String(at)))));
  assert.deepEqual((await one.outbox.list()).map(({ n }) => n).reverse(), Array.from({ length: 20 }, (_, at) => at + 1));
  await Promise.all([one.sync.tap(), two.sync.tap()]);
  assert.equal(server.attempts, 20);
  assert.ok((await states(two)).every((state) => state === "accepted"));
});

test("fault 40: two tabs seal the same draft: one operation", async () => {
  const phone = new Phone(new Server());
  const one = await phone.signedIn();
  const draft = await one.outbox.draft(null, {});
  const two = await phone.page();
  const [first, second] = await Promise.all([one, two].map(({ outbox }) => outbox.seal(filing(), { draft })));
  assert.equal(first.op, second.op);
  assert.equal((await one.outbox.list()).length, 1);
});

test("fault 40: the browser threw away the last of what was sealed: known lost, by numbers", async () => {
  const phone = new Phone(new Server());
  const field = await phone.signedIn();
  await field.outbox.seal(visit("1"));
  const before = phone.disk.copy();
  for (const house of ["2", "3"]) await field.outbox.seal(visit(house));
  phone.disk = before;
  assert.deepEqual((await phone.page()).session.current.lost, { from: 2, to: 3 });
});

test("a crash at any await of a seal leaves either the draft or the sealed operation, never both, never neither", async () => {
  let ends = 0;
  const outcomes = new Set();
  for (let at = 1; ends === 0; at += 1) {
    const phone = new Phone(new Server(), { disk: new Disk() });
    let countdown = Infinity;
    let died;
    const death = new Promise((resolve) => {
      died = resolve;
    });
    const fault = async () => {
      countdown -= 1;
      if (countdown > 0) return;
      died("died");
      await new Promise(() => {});
    };
    const field = await phone.signedIn("aigerim", { fault });
    const draft = await field.outbox.draft(null, {});
    countdown = at;
    const result = await Promise.race([field.outbox.seal(filing(), { draft, files: [await photo(Uint8Array.of(1, 2, 3))] }), death]);
    if (result !== "died") ends += 1;
    field.die();
    const next = await phone.page();
    const [drafts, list, photos] = [await next.outbox.drafts(), await next.outbox.list(), await next.evidence.list()];
    assert.equal(drafts.length + list.length, 1, `crash at await ${at}`);
    assert.equal(photos.length, list.length);
    outcomes.add(list.length);
    assert.equal((await next.outbox.seal(visit("1"))).n, list.length + 1);
  }
  assert.deepEqual([...outcomes].sort(), [0, 1]);
});

test("signing in as another person neither sends nor shows the first one's work; it goes when the first one is back", async () => {
  const server = new Server({ verifies: true });
  const phone = new Phone(server);
  const field = await phone.signedIn("aigerim");
  await field.outbox.draft(null, { secret: 1 });
  await field.outbox.seal(filing(57));
  assert.deepEqual(await field.session.signOut(), { waiting: 1, photos: 0, revoked: false });
  assert.deepEqual([await field.outbox.list(), await field.outbox.drafts(), await field.outbox.reports()], [[], [], []]);
  await field.session.signIn({ login: "yerlan", password: "x", name: "A05" });
  await field.sync.tap();
  assert.deepEqual([await field.outbox.list(), await field.outbox.drafts(), server.attempts], [[], [], 0]);
  assert.equal(await field.session.others(), 1);
  assert.deepEqual(await field.session.signOut(), { waiting: 0, photos: 0, revoked: true });
  await field.session.signIn({ login: "aigerim", password: "x", name: "A05" });
  await field.sync.tap();
  assert.deepEqual(await states(field), ["accepted"]);
  assert.equal((await field.outbox.drafts()).length, 1);
});

test("a tab that has not heard of the sign-out sends nothing more", async () => {
  const server = new Server();
  const phone = new Phone(server);
  const one = await phone.signedIn();
  const two = await phone.page();
  await two.outbox.seal(visit("1"));
  await one.session.signOut();
  await one.session.signIn({ login: "yerlan", password: "x", name: "A05" });
  await two.sync.tap();
  assert.equal(server.attempts, 0);
  // It has learned who is signed in, and seals for nobody else.
  const { author } = await two.outbox.seal(visit("2"));
  assert.equal(author, one.session.current.person.id);
});

test("a seal that meets a sign-out half-way is refused, and takes no number", async () => {
  const phone = new Phone(new Server());
  const one = await phone.signedIn();
  let [ready, out] = [false, null];
  // The sign-out queues behind the seal's reading, before its writing.
  const fault = async () => {
    if (ready) out ??= one.session.signOut();
  };
  const two = await phone.page({ fault });
  ready = true;
  const result = await two.outbox.seal(visit("1")).catch((refusal) => refusal);
  await out;
  assert.ok(result instanceof NotSaved && result.reason === "signed-out");
  assert.equal(phone.disk.tables.get("ops").size, 0);
});
