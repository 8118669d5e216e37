// At the event: how many are here, by two people's taps, from a tally sheet, or estimated; and questions as they come.
// Everything lies in the draft of the report from the first tap on. `of.<id>` is the draft of an event of the calendar.

import { counter } from "./counter.js";
import { button, choices, h, labelled, named, note, say, t, whole } from "./dom.js";
import { campaign, dayWords, figures, unitName } from "./facts.js";
import { photos } from "./photos.js";
import { fresh } from "./quick.js";

const HOW = ["taps", "tally", "estimate"];

export async function screen(app, id) {
  const { day } = app.field.clock.today();
  const [, wanted] = /^of\.(.+)$/.exec(id) ?? [];
  const isWanted = (one) => (wanted ? one.form.body?.event === wanted : id ? one.id === id
    : one.form.counts && !one.form.body.event && one.form.body.day === day);
  const kept = (await app.field.outbox.drafts()).find(isWanted);
  if (!app.field.pull.data) return [h("h1", {}, t("event")), note(t("no_pull"), "warn")];
  const planned = app.field.pull.data.events?.find((one) => one.id === wanted);
  if (wanted && !kept && !planned?.bodies?.length) return [h("h1", {}, t("event")), note(t("event_gone"), "warn")];
  const form = kept?.form ?? (planned ? formOf(app, planned) : { body: fresh(app, day), files: [] });
  if (!form.body.campaign) return [h("h1", {}, t("event")), note(t("no_campaign"), "warn")];
  form.counts ??= [0, 0];
  form.how ??= "taps";
  form.files ??= [];
  const state = { id: kept?.id ?? null, form, box: h("div", { "data-busy": "yes" }) };
  paint(app, state);
  return [h("h1", {}, t("event")), form.event && note(form.event.words, "plain"), note(t("attendances_note"), "strong"), state.box];
}

/** The report of an event as far as the event itself tells it: the first part that nobody filed yet. */
function formOf(app, { bodies: [told], campaign: code, unit, day, activity, form, from, title }) {
  const { activities, names } = campaign(app, code);
  const kind = activities.find((one) => one.code === activity);
  const words = [`${dayWords(day)}, ${from}`, title || named(kind?.names ?? names), unitName(app, unit)].join(" · ");
  const body = { ...told, metrics: {}, estimated: false };
  // The hall's report alone counts an event that is also shown online.
  return { body, files: [], event: { words, counts: told.part === "hall" || form === "online" } };
}

function paint(app, state) {
  const { form } = state;
  const how = (value) => {
    form.how = value;
    keep(app, state);
    paint(app, state);
    state.box.querySelector(`[value=${value}]`)?.focus();
  };
  const { attendees } = form.body.metrics;
  state.box.replaceChildren(...[
    choices(t("headcount"), HOW.map((code) => [code, t(`count_${code}`)]), form.how, how), ...ways[form.how](app, state),
    Number.isSafeInteger(attendees) && note(`${figures(app, { attendees })} (${t(form.body.estimated ? "estimated" : "exact")})`, "good strong counted"),
    h("div", { class: "pair" },
      button(t("ask"), () => leave(app, state, `ask/event.${form.body.unit}${form.body.event ? `.${form.body.event}` : ""}`)),
      button(t("to_report"), () => leave(app, state, "quick"), attendees === undefined ? "" : "main")),
  ].filter(Boolean));
}

function take(app, state, n, estimated) {
  state.form.body.metrics.attendees = n;
  state.form.body.estimated = estimated;
  keep(app, state);
}

const ways = {
  taps: (app, state) => [note(t("count_taps_hint"), "plain"), counter((n) => {
    take(app, state, n, false);
    paint(app, state);
  }, state.form.counts, () => keep(app, state))],
  tally: (app, state) => [typed(app, state, false), h("a", { class: "button plain", href: "/tally-sheet" }, t("tally_sheet")), photos(app, () => state.form.body, state.form.files, () => keep(app, state)).box],
  estimate: (app, state) => [note(t("count_estimate_hint"), "plain"), typed(app, state, true)],
};

function typed(app, state, estimated) {
  const input = h("input", { name: "headcount", inputmode: "numeric", autocomplete: "off", value: state.form.body.metrics.attendees ?? "" });
  const use = () => {
    const n = whole(input.value);
    if (Number.isNaN(n)) return say(t("need_number", { min: 0, max: 30000 }), "stop");
    take(app, state, n, estimated);
    paint(app, state);
  };
  return h("div", {}, labelled(t("amount_quantity"), input), button(t("counter_use"), use));
}

async function leave(app, state, screen) {
  keep(app, state);
  await state.turn;
  app.go(screen === "quick" ? `quick/${state.id}` : screen);
}

function keep(app, state) {
  state.turn = (state.turn ?? Promise.resolve()).then(async () => {
    state.id = await app.field.outbox.draft(state.id, state.form);
  }).catch(() => say(t("not_saved"), "stop"));
}
