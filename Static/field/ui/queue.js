// The sync centre: what is saved here, what is sent, what was refused and why.

import { needsYou } from "../core/outbox.js";
import { button, h, has, named, note, say, t } from "./dom.js";
import { activityName, dayWords, figures, metric, placeOf, unitName } from "./facts.js";
import { signOut } from "./leave.js";

const KINDS = {
  "report.file": "kind_file", "event.report": "kind_file", "report.correct": "kind_correct", "report.void": "kind_void", "canvass.visit": "kind_visit",
  "question.ask": "kind_question", "question.told": "kind_told", "question.clarified": "kind_clarified", "site.condition": "kind_site",
  "report.evidence": "kind_evidence",
};
/** What can be mended and sent anew; the others are made again where they were made. */
const MENDED = new Set(["report.file", "event.report", "report.correct", "report.void", "report.evidence", "question.ask"]);
const TROUBLES = { cut: "portal", server: "portal", "sign-in": "signin_again" };

export async function screen(app) {
  const { outbox, evidence, session, sync, persistence: keeps } = app.field;
  const [list, { waits }, kept, files, photos, needs, room, reports] = await Promise.all([
    outbox.list(), outbox.totals(), keeps(), evidence.list(), evidence.waiting(), outbox.needs(), evidence.room(), outbox.reports(),
  ]);
  const { status } = sync;
  const { lost, restored } = session.current;
  const facts = { list, reports: new Map(reports.map((one) => [one.id, one])) };
  const [mine, rest] = [list.filter(needsYou), list.filter((record) => !needsYou(record))];
  // The same photo may stand in two reports.
  const stuck = [...new Map(files.filter(needsYou).map((file) => [file.sha256, file])).values()];
  return [
    h("h1", {}, t("queue")), needs > 0 && note(t("needs_you", { n: needs }), "stop strong"),
    waits > 0 ? note(t("summary", { n: waits }), "strong") : photos + needs === 0 && note(t("nothing_waits"), "good"),
    photos > 0 && note(t("photos_waiting", { n: photos }), "strong"),
    lost ? note(t("lost", lost), "stop") : note(t("lost_none"), "plain"), restored && note(t("restored"), "stop"),
    trouble(status), status.last && note(t("last_heard", { time: clockWords(app.field, status.last) }), "plain"),
    status.running && waits + photos > 0 && note(t("state_sending"), "plain running"), button(t("send_now"), () => sync.tap(), "main"),
    waits + photos > 0 && note(t("keep"), "warn"), persistence(app, kept), room > 0 && freeing(app, room),
    h("ul", {}, stuck.map((file) => photo(app, file, facts)), [...mine, ...rest].map((record) => line(app, record, facts))),
    hand(app), signOut(app),
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

/** Photos that have arrived need no room here any more. */
function freeing(app, room) {
  return button(t("free_room", { n: Math.ceil(room / 1024) }), async () => {
    await app.field.evidence.free();
    await app.go("queue");
    say(t("freed"));
  });
}

/** A photo that does not arrive: which, of what, why, and what can be done. */
function photo(app, { sha256, role, bytes, op, reason }, facts) {
  const record = facts.list.find((one) => one.op === op);
  const lost = reason?.type === "photo-lost";
  const act = (name) => async () => {
    await app.field.evidence[name](sha256);
    if (name === "retry") app.field.sync.tap();
    await app.go("queue");
  };
  const again = facts.reports.get(record?.report)?.counted && h("a", { class: "button", href: `#evidence/${record.report}` }, t("evidence"));
  return h("li", { class: "card needs", "data-id": sha256 },
    h("h2", {}, `${t("site_photo")}: ${t(role === "site" ? "kind_site" : `role_${role}`)}, ${Math.ceil(bytes / 1024)} KB`),
    record && h("p", {}, about(app, record, facts)), h("p", { class: "fate needs" }, t("photo_stuck")),
    note(whyRefused(app, null, reason ?? {}, `photo_${String(reason?.type).replace("photo-", "")}`), "stop"),
    lost ? again : button(t("retry"), act("retry")), button(t("seen"), act("dismiss"), "plain"));
}

function line(app, record, facts) {
  const { op, kind, body, state, reason, parked, carried } = record;
  return h("li", { class: `card ${state}`, "data-id": op },
    h("h2", {}, t("record", { n: record.n, kind: t(KINDS[kind] ?? (kind.startsWith("material.") ? "kind_material" : "kind_other")) })),
    h("p", {}, carried ? t("carried") : about(app, record, facts)), !carried && body.metrics && h("p", {}, figures(app, body.metrics)),
    h("p", { class: `fate ${state}` }, t(`state_${state}`)),
    reason && !record.mendedBy && refused(app, record), parked && state !== "needs" && note(whyParked(parked), "warn"));
}

/** What an operation is about; of a door only its list, never where it is. A correction is about its report. */
function about(app, { kind, body, view, report: id }, { reports }) {
  if (kind === "canvass.visit") return `${t("list_of", { n: view?.number })} · ${t(`door_${view?.family}`)}`;
  const deed = kind.startsWith("material.") && t(`deed_${kind.slice(9)}`);
  const report = reports.get(id);
  const unit = body.unit ?? report?.unit;
  const day = body.day ?? report?.day;
  const { materials } = app.field.pull.data ?? {};
  const names = view?.names ?? materials?.stock?.find(({ material }) => material === body.material)?.names;
  const n = body.quantity ?? body.counted ?? body.arrived;
  const what = deed && [named(names), n].filter((one) => one !== undefined && one !== "").join(": ");
  return [deed, what, activityName(app, body.activity ?? report?.activity), unit ? unitName(app, unit) : view?.unit, day && dayWords(day),
    view?.text].filter(Boolean).join(" · ");
}

function refused(app, { op, kind, body, reason, retryable, dismissed, carried }) {
  const mend = async () => {
    const draft = await app.field.outbox.mend(op);
    // What it corrects may have got another id meanwhile.
    app.go(placeOf((await app.field.outbox.drafts()).find(({ id }) => id === draft)));
  };
  const act = (name) => async () => {
    await app.field.outbox[name](op);
    if (name === "retry") app.field.sync.tap();
    await app.go("queue");
  };
  return [note(whyRefused(app, body, reason), "stop"), !carried && MENDED.has(kind) && button(t("mend"), mend),
    retryable && button(t("retry"), act("retry")), !dismissed && button(t("seen"), act("dismiss"), "plain")];
}

const words = (...keys) => keys.map((key) => key.replaceAll("-", "_")).find(has);

/** What it builds on is still on its way. */
const whyParked = ({ type }) => t(words(`parked_${type}`) ?? "parked");

/** In the reader's words; where there are none for a code, the code is told. */
function whyRefused(app, body, { type, errors = [] }, own = `refused_${type}`) {
  const faults = errors.map(({ field, type: fault }) => {
    const code = /^metrics\.(\w+)$/.exec(field)?.[1];
    const facts = code && metric(app, code);
    const key = words(`refused_${fault}`, `problem.${fault}`, fault);
    const said = key ? t(key, { ...facts, code: body?.[field] }) : t("refused_unknown", { code: fault });
    return facts ? `${named(facts.names)}. ${said}` : said;
  });
  const key = words(own, `refused_${type}`, `problem.${type}`);
  return faults.join(" ") || [key && t(key), key && has(`${key}.detail`) && t(`${key}.detail`)].filter(Boolean).join(". ")
    || t("refused_unknown", { code: type });
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
