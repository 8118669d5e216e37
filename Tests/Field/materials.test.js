// Materials, poster sites and questions as the phone holds them.

import assert from "node:assert/strict";
import test from "node:test";

import { faultOf as questionFault, ownQuestions, questionOf, telephone, trackingNumber } from "../../Static/field/core/questions.js";
import { faultOf, incomingOf, isQuiet, sitesOf, stockOf } from "../../Static/field/core/stock.js";
import { Phone } from "./support/phone.js";
import { Server } from "./support/server.js";

const materials = {
  stock: [{ unit: "1", material: "a", names: {}, kind: "leaflet", class: "campaigning", languages: ["kk"], on_hand: 100, on_the_way: 0, count_needed: false }],
  incoming: [{ move: "m1", material: "a", names: {}, from: "0", to: "1", quantity: 50, sent: 1 }],
  sites: [
    { id: "s1", unit: "1", address: "Б", condition: "in_place", class: "information" },
    { id: "s2", unit: "1", address: "А", condition: "in_place", class: "campaigning", take_down: "2026-02-13" },
    { id: "s3", unit: "1", address: "В", condition: "removed", class: "campaigning", take_down: "2026-02-01" },
  ],
};
const row = (kind, body, state = "sealed") => ({ kind, body: { unit: "1", material: "a", ...body }, state, carried: false });

test("stock: what waits here is added to what the server counted, and never shows less than nothing", () => {
  const here = (...rows) => stockOf({ materials }, rows)[0].here;
  assert.equal(here(), 100);
  assert.equal(here(row("material.receive", { quantity: 20 }), row("material.hand_out", { quantity: 5 })), 115);
  assert.equal(here(row("material.hand_out", { quantity: 5 }, "accepted")), 100, "the server's number has it");
  assert.equal(here(row("material.accept", { move: "m1", arrived: 45, returned: 5 })), 145);
  assert.equal(here(row("material.hand_out", { quantity: 5 }), row("material.count", { counted: 80 }), row("material.move", { quantity: 10 })), 70);
  assert.equal(here(row("material.hand_out", { quantity: 500 })), 0);
  assert.deepEqual(incomingOf({ materials }, [row("material.accept", { move: "m1" })]), []);
  assert.equal(incomingOf({ materials }, [row("material.accept", { move: "m1" }, "needs")]).length, 1, "refused: still to be accepted");
});

test("sites: what has to come down stands first, until it is down", () => {
  const order = (rows) => sitesOf({ materials }, rows, "2026-02-14").map(({ id, due }) => [id, due]);
  assert.deepEqual(order([]), [["s2", true], ["s3", false], ["s1", false]]);
  const down = row("site.condition", { site: "s2", condition: "removed" });
  assert.deepEqual(order([down]).filter(([, due]) => due), []);
  assert.equal(sitesOf({ materials }, [], "2026-02-12").some(({ due }) => due), false);
});

test("quiet day: of the class campaigning only, by the calendar the phone carries", () => {
  const campaigns = [{ quiet: ["2026-02-14"] }];
  assert.equal(isQuiet(materials.stock[0], campaigns, "2026-02-14"), true);
  assert.equal(isQuiet(materials.stock[0], campaigns, "2026-02-15"), false);
  assert.equal(isQuiet({ class: "information" }, campaigns, "2026-02-14"), false);
});

test("a deed says what it lacks", () => {
  const fault = (kind, facts, here = 10) => faultOf({ kind: `material.${kind}`, ...facts }, here);
  assert.equal(fault("hand_out", { quantity: NaN }), "quantity");
  assert.equal(fault("hand_out", { quantity: 50 }), null, "it happened: the server asks for a count");
  assert.equal(fault("move", { quantity: 11, to: "2" }), "beyond");
  assert.equal(fault("move", { quantity: 10 }), "to");
  assert.equal(fault("receive", { quantity: 1, from: " " }), "from");
  assert.deepEqual([fault("count", { counted: 10 }), fault("count", { counted: 9 }), fault("count", { counted: 9, reason: "rain" })], [null, "reason", null]);
  assert.equal(fault("write_off", { quantity: 1, reason: "other" }), "reason");
  const accept = (arrived, returned, reason) => fault("accept", { arrived, returned, sent: 5, reason });
  assert.deepEqual([accept(5, 0), accept(4, 2), accept(4, 0), accept(3, 1, "wet")], [null, "arrived", "reason", null]);
});

const asked = { campaign: "referendum", unit: "351033100", way: "door", language: "kk", text: " Қайда? " };

test("questions: a number has 60 bits, a contact needs its adult, no key beyond the contract is sent", () => {
  const numbers = new Set(Array.from({ length: 500 }, trackingNumber));
  assert.equal(numbers.size, 500);
  for (const number of numbers) assert.match(number, /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
  const letters = new Set([...numbers].join("").replaceAll("-", ""));
  assert.equal(letters.size, 32);
  assert.deepEqual(["8 701 123-45-67", "+7 (701) 1234567", "701", "+77011234567x"].map(telephone), ["+77011234567", "+77011234567", null, null]);
  assert.deepEqual(questionFault({ text: " ", reply: "none" }), "text");
  assert.deepEqual(questionFault({ text: "x".repeat(2001), reply: "none" }), "long");
  assert.deepEqual(questionFault({ text: "x", reply: null }), "reply");
  const contact = { kind: "phone", value: "8 701 123 45 67", adult: false };
  assert.deepEqual(questionFault({ text: "x", reply: "contact", contact }), "adult");
  assert.deepEqual(questionFault({ text: "x", reply: "contact", contact: { ...contact, value: "1" } }), "contact");
  const sealed = questionOf({ ...asked, reply: "contact", contact: { ...contact, adult: true }, address: "Абай 5" });
  assert.deepEqual(sealed, { kind: "question.ask", ...asked, text: "Қайда?", reply: "contact", contact: { kind: "phone", value: "+77011234567", adult: true } });
  assert.equal("contact" in questionOf({ ...asked, reply: "activist", contact }), false, "typed and then not wanted");
});

test("questions: a contact leaves the phone with the receipt; what waits stands before what the server tells", async () => {
  const device = new Phone(new Server());
  const field = await device.signedIn();
  const contact = { kind: "email", value: "a@b.kz", adult: true };
  const { op } = await field.outbox.seal(questionOf({ ...asked, reply: "contact", contact }), { forget: ["contact", "number"] });
  assert.deepEqual(ownQuestions(null, await field.outbox.list()).map(({ id, state }) => [id, state]), [[op, "waiting"]]);
  await field.sync.tap();
  assert.ok(!JSON.stringify([...device.disk.tables.get("ops").values()]).includes("a@b.kz"));
  const answer = { id: "a", version: 2, told: false };
  const pulled = { questions: { own: [{ id: op, text: "Қайда?", state: "answered", answer }] } };
  assert.deepEqual(ownQuestions(pulled, await field.outbox.list()).map(({ id, told }) => [id, told]), [[op, false]]);
  await field.outbox.seal({ kind: "question.told", campaign: "referendum", question: op, version: 1 });
  assert.equal(ownQuestions(pulled, await field.outbox.list())[0].told, false, "an older answer was told");
  await field.outbox.seal({ kind: "question.told", campaign: "referendum", question: op, version: 2 });
  assert.equal(ownQuestions(pulled, await field.outbox.list())[0].told, true);
});
