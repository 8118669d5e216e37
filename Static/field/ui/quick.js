// Quick report: kind, place and day as last time, numbers, photos, one big button. Kept as a draft at every change.

import { NotSaved } from "../core/field.js";
import { button, choices, h, labelled, named, note, say, select, t } from "./dom.js";
import { counter } from "./counter.js";
import { campaign, campaignsOn, clockIsWrong, dayWords, figures, metric, quietToday, unitChoices, unitName } from "./facts.js";
import { photos } from "./photos.js";

const FIRST_KINDS = 4;

export async function quick(app, id) {
  const { day, sure } = app.field.clock.today();
  const kept = id && (await app.field.outbox.drafts()).find((one) => one.id === id);
  const form = kept ? kept.form : { body: fresh(app, day), files: [] };
  form.files ??= [];
  if (!app.field.pull.data) return [h("h1", {}, t("quick")), note(t("no_pull"), "warn")];
  if (!campaign(app, form.body.campaign)) return [h("h1", {}, t("quick")), note(t("no_campaign"), "warn")];
  const state = { id: kept ? id : null, form, box: h("form", { novalidate: true, class: "quick" }), saving: false };
  state.box.addEventListener("submit", (event) => {
    event.preventDefault();
    send(app, state);
  });
  fill(app, state);
  return [h("h1", {}, t("quick")), quietToday(app) && note(quietToday(app), "warn"),
    (!sure || clockIsWrong(app)) && note(t("clock_wrong"), "warn"), state.box];
}

/** What this person filed last, on this phone. */
const remembered = (app) => app.memory.read(`last-${app.field.session.current.person.id}`);

/** An empty report of today, with what the last one had. */
export function fresh(app, day) {
  const last = remembered(app) ?? {};
  const running = campaignsOn(app, day);
  const one = running.find(({ code }) => code === last.campaign) ?? running[0];
  const units = app.field.pull.data?.units ?? [];
  const unit = units.find(({ code }) => code === last.unit) ?? units.find(({ home }) => home) ?? units[0];
  const same = one && last.campaign === one.code ? last : {};
  const { activity = null, audience = one?.audiences[0]?.code, channel = null } = same;
  return { kind: "report.file", campaign: one?.code, unit: unit?.code, day, activity, audience, channel,
    metrics: {}, estimated: false };
}

function fill(app, state) {
  const { body, files } = state.form;
  const facts = campaign(app, body.campaign);
  const keep = () => keepDraft(app, state, "quick");
  const pictures = photos(app, () => body, files, keep);
  const set = (key) => (value) => {
    body[key] = value;
    if (key === "activity") {
      const kind = facts.activities.find(({ code }) => code === value);
      body.channel = kind.channel;
      body.metrics = Object.fromEntries(Object.entries(body.metrics).filter(([code]) => kind.metrics.includes(code)));
      fill(app, state);
      state.box.querySelector(`[value="${value}"]`)?.focus();
    } else pictures.again();
    keep();
  };
  const named2 = (list) => list.map(({ code, names }) => [code, named(names)]);
  const kinds = named2(facts.activities);
  const last = kinds.findIndex(([code]) => code === body.activity);
  if (last >= FIRST_KINDS) kinds.unshift(...kinds.splice(last, 1));
  const more = kinds.slice(FIRST_KINDS);
  const kind = facts.activities.find(({ code }) => code === body.activity);
  const day = h("input", { type: "date", value: body.day, min: facts.from, max: latest(app, facts), onchange: () => set("day")(day.value) });
  const event = state.form.event ?? (body.event && { words: `${dayWords(body.day)} · ${unitName(app, body.unit)}` });
  if (kind?.metrics.includes("events")) body.metrics.events ??= event?.counts === false ? 0 : 1;
  state.box.replaceChildren(...[
    ...(event ? [note(event.words, "strong")] : [
      choices(t("what"), kinds.slice(0, FIRST_KINDS), body.activity, set("activity"), "four"),
      more.length > 0 && labelled(t("other_kinds"), select([["", t("choose")], ...more], "", (code) => code && set("activity")(code))),
      labelled(t("where"), select(unitChoices(app), body.unit, set("unit"))), labelled(t("day"), day),
    ]),
    kind && numbers(app, kind, body, keep, remembered(app)?.values?.[body.activity]),
    kind && choices(t("counted_how"), [["no", t("exact")], ["yes", t("estimated")]], body.estimated ? "yes" : "no",
      (value) => set("estimated")(value === "yes"), "two"),
    !event && labelled(t("audience"), select(named2(facts.audiences), body.audience, set("audience"))),
    kind && !event && labelled(t("channel"), select(named2(facts.channels), body.channel, set("channel"))),
    pictures.box, h("button", { class: "button main" }, t("save")),
  ].filter(Boolean));
}

/** The number pad of the phone, for heads the two counters, and what was told last time: `before`, by metric. */
export function numbers(app, { metrics }, body, keep, before = {}) {
  const inputs = metrics.map((code) => {
    const facts = metric(app, code);
    const input = h("input", { inputmode: "numeric", autocomplete: "off", "data-metric": code, value: body.metrics[code] ?? "",
      oninput: () => write(input.value) });
    const write = (text) => {
      const clean = text.replaceAll(/\s/g, "");
      if (clean === "") delete body.metrics[code];
      else body.metrics[code] = /^\d{1,9}$/.test(clean) ? Number(clean) : NaN;
      keep();
    };
    const last = Number.isSafeInteger(before[code]) && body.metrics[code] === undefined && h("span", { class: "hint", id: `last-${code}` }, t("last_value", { n: before[code] }));
    if (last) input.setAttribute("aria-describedby", last.id);
    const row = labelled(named(facts.names), input, last || []);
    if (code !== "attendees") return row;
    const box = h("details", {}, h("summary", {}, t("counter")));
    box.append(counter((n) => {
      input.value = String(n);
      write(input.value);
      box.open = false;
      input.focus();
    }));
    return [row, note(t("attendances_note"), "plain"), box];
  });
  return h("fieldset", {}, h("legend", {}, t("how_many")), note(t("how_many_hint"), "plain"), inputs);
}

/** -> null, or the words of the first fault; puts the focus on it. */
export function faultIn(app, { metrics }, body, box) {
  for (const code of metrics) {
    const { names, min, max, at_most: other } = metric(app, code);
    const value = body.metrics[code];
    const wrong = !Number.isSafeInteger(value) || value < min || value > max;
    const above = other && metrics.includes(other) && value > body.metrics[other];
    if (!wrong && !above) continue;
    const input = box.querySelector(`[data-metric="${code}"]`);
    input.setAttribute("aria-invalid", "true");
    input.focus();
    const what = wrong ? t("need_number", { min, max }) : t("at_most", { name: named(names), other: named(metric(app, other).names) });
    return `${named(names)}. ${what}`;
  }
  return null;
}

/** Nothing is reported of a day that has not come; tomorrow may be today already where the clock is behind. */
function latest(app, { to }) {
  const { clock } = app.field;
  const tomorrow = new Date(clock.now() + clock.offset * 60_000 + 86_400_000).toISOString().slice(0, 10);
  return to < tomorrow ? to : tomorrow;
}

/** One write after another: a draft has one id from the first letter on. Then the address names it too, so that neither a
 * reload nor another language loses what was typed at `place`. */
export function keepDraft(app, state, place) {
  state.turn = (state.turn ?? Promise.resolve()).then(async () => {
    if (state.saving) return;
    const isNew = !state.id;
    state.id = await app.field.outbox.draft(state.id, state.form);
    const stands = state.box.isConnected && location.hash.startsWith(`#${place.split("/")[0]}`);
    if (isNew && stands) history.replaceState(null, "", `#${place}/${state.id}`);
  }).catch(() => say(t("not_saved"), "stop"));
}

async function send(app, state) {
  if (state.saving) return;
  const { body, files, mends } = state.form;
  const kind = campaign(app, body.campaign).activities.find(({ code }) => code === body.activity);
  const fault = kind ? faultIn(app, kind, body, state.box) : t("need_kind");
  if (fault) return say(fault, "stop");
  await state.turn;
  state.saving = true;
  try {
    const view = { unit: unitName(app, body.unit) };
    await app.field.outbox.seal(body, { draft: state.id ?? undefined, view, files, mends });
    const { campaign: code, unit, activity, audience, channel } = body;
    const values = { ...remembered(app)?.values, [activity]: body.metrics };
    app.memory.write(`last-${app.field.session.current.person.id}`, { campaign: code, unit, activity, audience, channel, values });
    const saved = h("p", { class: "note good strong", tabindex: "-1" }, `${t("saved")} ${figures(app, body.metrics)}`);
    state.box.replaceChildren(saved,
      h("p", { class: "note plain" }, t("attendances_note")), files.length > 0 ? note(t("photos_waiting", { n: files.length })) : "",
      button(t("another"), () => app.go("quick"), "main"));
    say("");
    saved.focus();
    history.replaceState(null, "", "#quick");
    app.field.sync.tap();
  } catch (error) {
    state.saving = false;
    if (!(error instanceof NotSaved)) throw error;
    say(t(error.reason === "quota" ? "not_saved_quota" : "not_saved"), "stop");
  }
}
