// The sync centre: what is saved here, what is sent, what was refused and why.

import { isFiling } from "../core/reports.js";
import { button, h, has, named, note, say, t } from "./dom.js";
import { activityName, dayWords, figures, metric, unitName } from "./facts.js";
import { signOut } from "./signin.js";

const KINDS = {
  "report.file": "kind_file", "event.report": "kind_file", "report.correct": "kind_correct", "report.void": "kind_void", "canvass.visit": "kind_visit",
  "question.ask": "kind_question", "question.told": "kind_told", "question.clarified": "kind_clarified", "site.condition": "kind_site",
};
/** What can be mended and sent anew; the others are made again where they were made. */
const MENDED = new Set(["report.file", "event.report", "report.correct", "report.void", "question.ask"]);
const TROUBLES = { cut: "portal", server: "portal", envelope: "portal", "sign-in": "signin_again" };

export async function queue(app) {
  const { field } = app;
  const [list, totals, kept, files] = await Promise.all([
    field.outbox.list(), field.outbox.totals(), field.persistence(), field.evidence.list(),
  ]);
  const { status } = field.sync;
  const { lost, restored } = field.session.current;
  const photos = files.filter(({ state }) => state === "waiting" || state === "sending").length;
  const { waits } = totals;
  return [
    h("h1", {}, t("queue")),
    waits > 0 ? note(t("summary", { n: waits }), "strong") : photos === 0 && note(t("nothing_waits"), "good"),
    photos > 0 && note(t("photos_waiting", { n: photos }), "strong"),
    lost ? note(t("lost", lost), "stop") : note(t("lost_none"), "plain"), restored && note(t("restored"), "stop"),
    trouble(status), status.last && note(t("last_heard", { time: clockWords(field, status.last) }), "plain"),
    status.running && waits + photos > 0 && note(t("state_sending"), "plain running"), button(t("send_now"), () => field.sync.tap(), "main"),
    waits + photos > 0 && note(t("keep"), "warn"), persistence(app, kept),
    h("ul", {}, list.map((record) => line(app, record))), hand(app), signOut(app),
  ];
}

function trouble({ trouble: one, online }) {
  if (!online || one?.reason === "offline") return note(t("offline"), "warn");
  return one && note(t(TROUBLES[one.reason] ?? one.reason), "warn");
}

/** 14:05 by the users' own hour, whatever the phone's zone. */
function clockWords({ clock }, moment) {
  return new Date(moment + clock.offset * 60_000).toISOString().slice(11, 16);
}

function persistence(app, { persisted }) {
  if (persisted) return note(t("persisted"), "plain");
  const ask = async () => {
    const promised = await app.field.askToPersist();
    await app.go("queue");
    say(t(promised ? "persisted" : "persist_no"), promised ? "good" : "warn");
  };
  return button(t("persist"), ask);
}

function line(app, record) {
  const { op, kind, body, state, reason, parked, carried } = record;
  return h("li", { class: `card ${state}`, "data-id": op },
    h("h2", {}, t("record", { n: record.n, kind: t(KINDS[kind] ?? (kind.startsWith("material.") ? "kind_material" : "kind_other")) })),
    h("p", {}, carried ? t("carried") : about(app, record)), !carried && body.metrics && h("p", {}, figures(app, body.metrics)),
    h("p", { class: `fate ${state}` }, t(`state_${state}`)),
    reason && !record.mendedBy && refused(app, record), parked && note(parked.detail ?? parked.type, "warn"));
}

/** What an operation is about; of a door only its list, never where it is. */
function about(app, { kind, body, view }) {
  if (kind === "canvass.visit") return `${t("list_of", { n: view?.number })} · ${t(`door_${view?.family}`)}`;
  const deed = kind.startsWith("material.") && t(`deed_${kind.slice(9)}`);
  const place = body.unit ? unitName(app, body.unit) : view?.unit;
  return [deed, activityName(app, body.activity), place, body.day && dayWords(body.day), view?.text].filter(Boolean).join(" · ");
}

function refused(app, { op, kind, body, reason, retryable, dismissed, carried }) {
  const mend = async () => {
    const draft = await app.field.outbox.mend(op);
    if (kind === "question.ask") return app.go(`ask/${body.way}/${draft}`);
    app.go(isFiling(kind) ? `quick/${draft}` : `reports/${body.report}:${draft}`);
  };
  const act = (name) => async () => {
    await app.field.outbox[name](op);
    if (name === "retry") app.field.sync.tap();
    await app.go("queue");
  };
  return [note(whyRefused(app, body, reason), "stop"), !carried && MENDED.has(kind) && button(t("mend"), mend),
    retryable && button(t("retry"), act("retry")), !dismissed && button(t("seen"), act("dismiss"), "plain")];
}

/** In the reader's words where there are any; what only a program would be told stands last. */
function whyRefused(app, body, { type, detail, errors = [] }) {
  const words = (...keys) => keys.map((key) => key.replaceAll("-", "_")).find(has);
  const faults = errors.map(({ field, type: fault, detail: told }) => {
    const code = /^metrics\.(\w+)$/.exec(field)?.[1];
    const facts = code && metric(app, code);
    const key = words(`refused_${fault}`, `problem.${fault}`, fault);
    const said = key ? t(key, { ...facts, code: body?.[field] }) : told;
    return facts ? `${named(facts.names)}. ${said}` : said;
  });
  const key = words(`refused_${type}`, `problem.${type}`);
  return faults.join(" ") || [key && t(key), key && has(`${key}.detail`) && t(`${key}.detail`)].filter(Boolean).join(". ") || detail || type;
}

function hand(app) {
  const box = h("details", { "data-keep": "hand" }, h("summary", {}, t("hand_over")));
  box.addEventListener("toggle", async () => {
    if (!box.open || box.dataset.whole) return;
    box.dataset.whole = "yes";
    const { hand: screen } = await import("./hand.js");
    box.append(screen(app));
  });
  return box;
}
