// Materials on hand by unit, and what is on its way here.

import { incomingOf, isQuiet, stockOf } from "../core/stock.js";
import { h, named, note, t } from "./dom.js";
import { dayWords, unitName } from "./facts.js";

export async function screen(app) {
  const { field: { pull: { data }, outbox, clock } } = app;
  const rows = await outbox.list();
  const [stock, incoming] = [stockOf(data, rows), incomingOf(data, rows)];
  const { day } = clock.today();
  const quiet = stock.some((one) => isQuiet(one, data.campaigns, day));
  const units = [...new Set(stock.map(({ unit }) => unit))];
  return [h("h1", {}, t("stock")), quiet && note(t("quiet_today"), "warn"),
    incoming.length > 0 && h("section", {}, h("h2", {}, t("incoming")), h("ul", {}, incoming.map((one) => arriving(app, one)))),
    stock.length === 0 && incoming.length === 0 && note(t("stock_none"), "plain"),
    units.map((unit) => h("section", {}, h("h2", {}, unitName(app, unit)),
      h("ul", {}, stock.filter((one) => one.unit === unit).map(card)))),
    data?.materials?.sites?.length > 0 && h("a", { class: "button", href: "#sites" }, t("sites"))];
}

function card(one) {
  const { names, kind, class: group, languages = [], on_hand: counted, on_the_way: away, here, count_needed: doubt, unit, material } = one;
  return h("li", { class: "card" }, h("p", { class: "strong" }, named(names)),
    h("p", {}, [t(`material_${kind}`), t(`class_${group}`), languages.map((code) => t(`in_${code}`)).join(", ")].filter(Boolean).join(" · ")),
    h("p", {}, t("on_hand", { n: counted }), away > 0 && ` · ${t("on_the_way", { n: away })}`),
    here !== counted && h("p", { class: "fate waiting" }, `${t("number_then")}: ${here}`), doubt && note(t("count_needed"), "warn"),
    h("a", { class: "button", href: `#deed/${unit}/${material}` }, t("deed")));
}

function arriving(app, { move, names, from, from_names, quantity, sent }) {
  return h("li", { class: "card" }, h("p", { class: "strong" }, `${named(names)}: ${quantity}`),
    h("p", {}, `${t("from_unit", { unit: sender(app, { from, from_names }) })} · ${dayWords(dayOf(app, sent))}`),
    h("a", { class: "button main", href: `#deed/accept/${move}` }, t("accept")));
}

/** The sender may lie outside of what this phone knows by name. */
export const sender = (app, { from, from_names: names }) => {
  const known = unitName(app, from);
  return known === from ? named(names) || from : known;
};

const dayOf = ({ field: { clock } }, moment) => new Date(moment + clock.offset * 60_000).toISOString().slice(0, 10);
