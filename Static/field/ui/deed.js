// One deed on a material: handed out, received, sent on, counted, written off; or a move acknowledged.

import { NotSaved } from "../core/field.js";
import { faultOf, incomingOf, isQuiet, LOSSES, stockOf } from "../core/stock.js";
import { choices, h, labelled, named, note, say, select, t, whole } from "./dom.js";
import { campaignsOn, unitChoices, unitName } from "./facts.js";
import { sender } from "./stock.js";

const DEEDS = ["hand_out", "receive", "move", "count", "write_off"];
/** Which fields a deed asks for. */
const FIELDS = {
  hand_out: ["quantity"], receive: ["quantity", "from"], move: ["quantity", "to"], count: ["counted", "reason"],
  write_off: ["quantity", "loss", "note"], accept: ["arrived", "returned", "reason"],
};
const NUMBERS = ["quantity", "counted", "arrived", "returned"];

export async function screen(app, detail) {
  const [unit, id] = detail.split("/");
  const { data } = app.field.pull;
  const rows = await app.field.outbox.list();
  const back = h("a", { class: "button plain", href: "#stock" }, t("back"));
  if (unit === "accept") {
    const move = incomingOf(data, rows).find((one) => one.move === id);
    if (!move) return [h("h1", {}, t("stock")), note(t("stock_none"), "plain"), back];
    const body = { unit: move.to, move: move.move, arrived: move.quantity, returned: 0 };
    return [h("h1", {}, named(move.names)), note(t("sent_of", { n: move.quantity, unit: sender(app, move) }), "strong"),
      form(app, { deed: "accept", body, here: 0, sent: move.quantity, names: move.names }), back];
  }
  const one = stockOf(data, rows).find((item) => item.unit === unit && item.material === id);
  if (!one) return [h("h1", {}, t("stock")), note(t("stock_none"), "plain"), back];
  const quiet = isQuiet(one, data.campaigns, app.field.clock.today().day);
  const place = h("div", {});
  const pick = (deed) => place.replaceChildren(form(app, { deed, body: { unit, material: id }, here: one.here, names: one.names }));
  const offered = DEEDS.filter((deed) => !(quiet && deed === "hand_out"));
  return [h("h1", {}, named(one.names)), note(`${unitName(app, unit)} · ${t("on_hand", { n: one.here })}`, "plain"),
    quiet && note(t("quiet_today"), "warn"), choices(t("deed_what"), offered.map((deed) => [deed, t(`deed_${deed}`)]), null, pick), place, back];
}

function form(app, { deed, body, here, sent, names }) {
  const facts = { kind: `material.${deed}`, ...body };
  const field = {
    number: (name) => labelled(t(`amount_${name}`), h("input", { name, inputmode: "numeric", autocomplete: "off", value: facts[name] ?? "",
      oninput: ({ target }) => (facts[name] = whole(target.value)) })),
    text: (name) => labelled(t(`text_${name}`), h("input", { name, maxlength: "200", oninput: ({ target }) => (facts[name] = target.value) })),
    to: () => labelled(t("to"), select([["", t("choose")], ...units(app, body.unit)], "", (code) => (facts.to = code), { name: "to" })),
    loss: () => choices(t("why"), LOSSES.map((code) => [code, t(`loss_${code}`)]), null, (code) => (facts.reason = code), "two"),
  };
  const parts = FIELDS[deed].map((name) => (field[name] ? field[name]() : NUMBERS.includes(name) ? field.number(name) : field.text(name)));
  const onsubmit = (event) => {
    event.preventDefault();
    const fault = faultOf({ ...facts, sent }, here);
    if (fault) return say(t(`deed_need_${fault}`, { n: here }), "stop");
    void send(app, facts, names);
  };
  return h("form", { novalidate: true, onsubmit }, (deed === "count" || deed === "accept") && note(t(`${deed}_hint`), "plain"),
    parts, h("button", { class: "button main" }, t("save")));
}

const units = (app, own) => unitChoices(app).filter(([code]) => code !== own);

async function send(app, { kind, reason = "", note: words = "", ...facts }, names) {
  const { day } = app.field.clock.today();
  const campaign = (campaignsOn(app, day)[0] ?? app.field.pull.data.campaigns[0]).code;
  const body = { kind, campaign, ...facts };
  if (reason.trim()) body.reason = reason.trim();
  if (words.trim()) body.note = words.trim();
  if (kind === "material.hand_out") body.day = day;
  try {
    await app.field.outbox.seal(body, { view: { unit: unitName(app, body.unit), names } });
    history.replaceState(null, "", "#stock");
    await app.go("stock");
    say(t("saved"));
    app.field.sync.tap();
  } catch (error) {
    if (!(error instanceof NotSaved)) throw error;
    say(t(error.reason === "quota" ? "not_saved_quota" : "not_saved"), "stop");
  }
}
