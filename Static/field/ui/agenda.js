// The day's list: events with their reports, what waits at each place of the phone, and for heads phones with gaps.

import { ownQuestions } from "../core/questions.js";
import { isFiling } from "../core/reports.js";
import { incomingOf, sitesOf } from "../core/stock.js";
import { isOpen, listsOf } from "../core/visits.js";
import { h, named, note, t } from "./dom.js";
import { campaign, unitName } from "./facts.js";

/** {name of a screen: words}; a place where nothing waits is left out. `rows`: records of the outbox. */
export function agenda({ field: { pull: { data } } }, day, rows) {
  if (!data) return {};
  const doors = listsOf(data, rows).flatMap((list) => list.doors).filter(isOpen).length;
  const own = ownQuestions(data, rows);
  const clarify = own.filter(({ ask, clarified }) => ask && !clarified).length;
  const tell = own.filter(({ answer, reply }) => reply === "activist" && answer && !answer.told).length;
  const down = sitesOf(data, rows, day).filter(({ due }) => due).length;
  const coming = incomingOf(data, rows).length;
  const words = (key, n) => (n > 0 ? t(key, { n }) : null);
  return {
    doors: words("doors_left", doors), questions: words("to_clarify", clarify) ?? words("to_tell", tell),
    stock: words("to_accept", coming), sites: words("to_take_down", down),
  };
}

/** Events of yesterday that lack a report, of today and of tomorrow. */
export function events(app, day, rows) {
  const list = app.field.pull.data?.events ?? [];
  const filed = new Set(rows.filter(({ kind, state, body }) => isFiling(kind) && body?.event && state !== "needs")
    .map(({ body }) => `${body.event} ${body.part}`));
  const open = ({ id, parts }) => parts.filter((part) => !filed.has(`${id} ${part}`));
  const groups = [
    ["events_unreported", list.filter((one) => one.day < day && open(one).length > 0)],
    ["events_today", list.filter((one) => one.day === day)], ["events_tomorrow", list.filter((one) => one.day > day)],
  ].filter(([, found]) => found.length > 0);
  return groups.map(([name, found]) => h("section", {}, h("h2", {}, t(name)), h("ul", {}, found.map((one) => event(app, one, open(one))))));
}

function event(app, { id, title, language, activity, unit, place, from, to, form, begins, parts, reported, campaign: code }, open) {
  const kind = campaign(app, code)?.activities.find((one) => one.code === activity);
  const where = [unitName(app, unit), form === "online" ? t("online") : place].filter(Boolean).join(" · ");
  const begun = begins <= app.field.clock.now();
  return h("li", { class: "card" }, h("p", { class: "strong" }, `${from}–${to} · `,
    h("span", { lang: title ? language : null }, title || named(kind?.names))), h("p", {}, where),
    (reported || (parts.length > 0 && open.length === 0)) && h("p", { class: "fate counted" }, t("event_reported")),
    begun && open.length > 0 && h("a", { class: "button", href: `#event/of.${id}` }, t("event_file")));
}

/** For heads: phones of their people whose numbers have gaps. */
export function phones(data) {
  if (!data?.phones?.length) return null;
  return h("section", {}, h("h2", {}, t("phones_lacking")), note(t("phones_hint"), "plain"),
    h("ul", {}, data.phones.map((one) => h("li", { class: "card" }, t("phone_lacks", one)))));
}
