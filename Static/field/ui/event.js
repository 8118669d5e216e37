// At the event: how many are here, by two people's taps, from a tally sheet, or estimated; and questions as they come.
// Everything lies in the draft of the report from the first tap on.

import { counter } from "./counter.js";
import { button, choices, h, labelled, note, say, select, t, whole } from "./dom.js";
import { eventName, events, figures, ofEvent, ofNone } from "./facts.js";
import { photos } from "./photos.js";
import { fresh } from "./quick.js";

const HOW = ["taps", "tally", "estimate"];

export async function screen(app, id) {
  const { day } = app.field.clock.today();
  const kept = (await app.field.outbox.drafts()).find((one) => (id ? one.id === id : one.form.counts && one.form.body.day === day));
  if (!app.field.pull.data) return [h("h1", {}, t("event")), note(t("no_pull"), "warn")];
  const form = kept?.form ?? { body: fresh(app, day), files: [] };
  if (!form.body.campaign) return [h("h1", {}, t("event")), note(t("no_campaign"), "warn")];
  form.counts ??= [0, 0];
  form.how ??= "taps";
  form.files ??= [];
  const state = { id: kept?.id ?? null, form, box: h("div", { "data-busy": "yes" }) };
  paint(app, state);
  return [h("h1", {}, t("event")), note(t("attendances_note"), "strong"), state.box];
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
  const chosen = events(app).find(({ id }) => id === form.body.event);
  state.box.replaceChildren(...[
    (chosen || events(app).length > 0) && labelled(t("which_event"), select(
      [["", t("event_none")], ...events(app).map((one) => [one.id, eventName(app, one)])], form.body.event ?? "", (id) => about(app, state, id))),
    choices(t("headcount"), HOW.map((code) => [code, t(`count_${code}`)]), form.how, how), ...ways[form.how](app, state),
    Number.isSafeInteger(attendees) && note(`${figures(app, { attendees })} (${t(form.body.estimated ? "estimated" : "exact")})`, "good strong counted"),
    h("div", { class: "pair" },
      button(t("ask"), () => leave(app, state, `ask/event.${form.body.unit}${form.body.event ? `.${form.body.event}` : ""}`)),
      button(t("to_report"), () => leave(app, state, "quick"), attendees === undefined ? "" : "main")),
  ].filter(Boolean));
}

/** The draft becomes the report of an event, or one of its own again; the numbers stay. */
function about(app, state, id) {
  const one = events(app).find((event) => event.id === id);
  state.form.body = one ? ofEvent(state.form.body, one) : ofNone(state.form.body);
  keep(app, state);
  paint(app, state);
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
  tally: (app, state) => [typed(app, state, false), photos(() => state.form.body, state.form.files, () => keep(app, state)).box],
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
  return h("div", {}, labelled(t("headcount"), input), button(t("counter_use"), use));
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
