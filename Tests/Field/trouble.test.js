// What is stuck, whose it is, and what the person can do about it: photos, refused filings, what lies on another phone.

import assert from "node:assert/strict";
import test from "node:test";

import { hex } from "../../Static/field/core/canonical.js";
import { fold } from "../../Static/field/core/reports.js";
import { BASE, Phone, filing, visit } from "./support/phone.js";
import { Server } from "./support/server.js";

async function photo(...values) {
  const bytes = Uint8Array.from(values);
  const sha256 = hex(await crypto.subtle.digest("SHA-256", bytes));
  return { sha256, role: "tally", bytes: bytes.length, blob: new Blob([bytes]) };
}

const problem = (status, slug) => new Response(JSON.stringify({ type: `/problems/${slug}`, status, detail: slug }), {
  status, headers: { "content-type": "application/problem+json" },
});

/** A phone whose photos the server refuses, until `says` is null. */
function stubborn(server) {
  const phone = new Phone(server);
  phone.says = () => problem(422, "too-long");
  phone.fetch = (url, call) => (phone.says && call.method === "PUT" ? phone.says() : server.fetch(url, call));
  return phone;
}

test("a photo the server refuses needs the person; sent again it arrives, and then its bytes may go", async () => {
  const phone = stubborn(new Server());
  const field = await phone.signedIn();
  const file = await photo(1, 2, 3);
  await field.outbox.seal(filing(57), { files: [file] });
  await field.sync.tap();
  const [{ state, reason }] = await field.evidence.list();
  assert.deepEqual([state, reason.type, await field.outbox.needs(), await field.evidence.waiting()], ["needs", "too-long", 1, 0]);
  assert.equal(await field.evidence.room(), 0, "what has not arrived is kept");
  phone.says = null;
  await field.evidence.retry(file.sha256);
  assert.deepEqual([await field.outbox.needs(), await field.evidence.waiting()], [0, 1]);
  await field.sync.tap();
  assert.deepEqual([await field.outbox.needs(), await field.evidence.waiting(), await field.evidence.room()], [0, 0, 3]);
  await field.evidence.free();
  assert.deepEqual([await field.evidence.room(), await field.evidence.blob(file.sha256)], [0, null]);
  assert.deepEqual((await field.evidence.list()).map(({ state }) => state), ["received"]);
});

test("a photo seen as lost asks no more, until it is sent again", async () => {
  const phone = stubborn(new Server());
  const field = await phone.signedIn();
  const file = await photo(4);
  await field.outbox.seal(filing(57), { files: [file] });
  await field.sync.tap();
  await field.evidence.dismiss(file.sha256);
  assert.deepEqual([await field.outbox.needs(), await field.evidence.room()], [0, 1]);
  await field.evidence.retry(file.sha256);
  assert.deepEqual([await field.evidence.waiting(), await field.evidence.room()], [1, 0]);
});

test("signing out and signing in tell of photos that wait, though every record has gone", async () => {
  const server = new Server();
  const phone = new Phone(server);
  phone.fetch = (url, call) => (call.method === "PUT" ? problem(503, "busy") : server.fetch(url, call));
  const field = await phone.signedIn("aigerim");
  await field.outbox.seal(filing(57), { files: [await photo(5), await photo(6)] });
  await field.sync.tap();
  assert.deepEqual([(await field.outbox.totals()).waits, await field.evidence.waiting()], [0, 2]);
  assert.deepEqual(await field.session.signOut(), { waiting: 0, photos: 2, revoked: true });
  assert.equal(await field.session.others(), 2);
  await field.session.signIn({ login: "yerlan", password: "x", name: "A05" });
  assert.equal(await field.evidence.waiting(), 0, "another person's photos are nobody else's work");
  await field.session.signOut();
  await field.session.signIn({ login: "aigerim", password: "x", name: "A05" });
  phone.fetch = server.fetch;
  await field.sync.tap();
  assert.equal(await field.evidence.waiting(), 0);
});

test("a refused filing is no report: it is named to be mended, and what mended it counts alone", async () => {
  const server = new Server();
  const field = await new Phone(server).signedIn();
  server.refuse = ({ metrics }) => (metrics?.attendees > 90 ? "invalid" : null);
  const wrong = await field.outbox.seal(filing(99), { files: [await photo(7)] });
  await field.sync.tap();
  const [report] = await field.outbox.reports();
  assert.deepEqual([report.refused, report.fate, report.counted, report.audience], [wrong.op, "needs", null, "residents"]);
  assert.equal(await field.outbox.needs(), 1);
  await field.outbox.dismiss(wrong.op);
  assert.equal((await field.outbox.reports())[0].fate, "refused", "seen, and still not accepted");
  assert.deepEqual([await field.outbox.needs(), await field.evidence.waiting()], [0, 0], "its photo waits for nothing");
  const draft = await field.outbox.mend(wrong.op);
  const { form } = (await field.outbox.drafts()).find(({ id }) => id === draft);
  form.body.metrics.attendees = 9;
  await field.outbox.seal(form.body, { draft, mends: form.mends, files: form.files });
  await field.sync.tap();
  const after = await field.outbox.reports();
  assert.deepEqual(after.map(({ fate, counted, refused }) => [fate, counted?.attendees, refused]), [["counted", 9, undefined]]);
  assert.deepEqual(after[0].evidence.received, 1);
});

test("photos of a report: here, on another phone, rejected by a reviewer, and added in the evening", async () => {
  const field = await new Phone(new Server()).signedIn();
  const [here, more] = [await photo(8), await photo(9)];
  const { op } = await field.outbox.seal(filing(57), { files: [here] });
  await field.sync.tap();
  await field.outbox.seal({ kind: "report.evidence", report: op }, { files: [more] });
  const evidence = async () => (await field.outbox.reports()).find(({ id }) => id === op).evidence;
  assert.deepEqual(await evidence(), { expected: 2, received: 1, waiting: 1, rejected: [] });

  const rows = await field.outbox.rows();
  const photos = await field.evidence.rows();
  const file = (sha256, state, reason = "") => ({ sha256, state, reason });
  const files = [file(here.sha256, "rejected", "faces"), file("ab".repeat(32), "promised"), file("cd".repeat(32), "accepted")];
  const told = { id: op, metrics: {}, rev: 1, band: "district", state: "counted", evidence: { expected: 3, received: 2, files } };
  const [known] = fold(rows, { reports: [told] }, photos);
  assert.deepEqual([known.evidence.expected, known.evidence.received, known.evidence.waiting], [4, 2, 1]);
  assert.deepEqual([known.evidence.rejected, known.band], [["faces"], "district"]);
  // A list of an older server names no files: then the larger number is told, and nothing is said to wait that does not.
  const bare = { ...told, evidence: { expected: 3, received: 2 } };
  const [joined] = fold(rows, { reports: [bare] }, photos);
  assert.deepEqual([joined.evidence.expected, joined.evidence.received, joined.evidence.waiting], [3, 2, 1]);
});

test("what needs somebody is counted once: not what was mended, nor what was seen, nor what waits", async () => {
  const server = new Server({ now: () => BASE });
  const field = await new Phone(server).signedIn();
  server.refuse = ({ kind }) => (kind === "canvass.visit" ? "forbidden" : null);
  for (const house of ["1", "2"]) await field.outbox.seal(visit(house));
  await field.outbox.seal(filing(3));
  assert.equal(await field.outbox.needs(), 0);
  await field.sync.tap();
  assert.equal(await field.outbox.needs(), 2);
  const [last] = (await field.outbox.list()).filter(({ state }) => state === "needs");
  await field.outbox.dismiss(last.op);
  assert.equal(await field.outbox.needs(), 1);
});
