// Own reports: what became of each, and correcting or voiding it with a reason.

import { NotSaved } from "../core/field.js";
import { button, choices, h, has, labelled, note, say, t } from "./dom.js";
import { activityName, dayWords, figures, inOrder, placeOf, REASONS, unitName } from "./facts.js";
import { faultIn, numbers } from "./quick.js";

export async function screen(app, detail) {
  const reports = await app.field.outbox.reports();
  const [wanted, draft] = detail.split(":");
  const found = reports.find(({ id }) => id === wanted);
  if (found) return found.refused ? never(app, found) : one(app, found, draft);
  if (!reports.length) return [h("h1", {}, t("reports")), note(t("reports_empty"), "plain")];
  const deeds = ["correct", "void"].filter((deed) => may(app, deed)).map((deed) => t(deed));
  const offered = ({ refused }) => (refused ? t("mend") : [...deeds, t("evidence")].join(" · "));
  const line = (report) => h("li", { class: "card" }, summary(app, report),
    report.fate !== "void" && h("a", { class: "button", href: `#reports/${report.id}` }, offered(report)));
  return [h("h1", {}, t("reports")), note(t("attendances_note"), "plain"), h("ul", {}, reports.map(line))];
}

/** The server refuses what the person has no right to: it is not offered. */
const may = ({ field: { pull: { data } } }, deed) => data?.person?.rights?.includes(`${deed}Reports`) ?? false;

export function summary(app, report) {
  const { expected, received, waiting, rejected } = report.evidence;
  const absent = expected - received - waiting;
  const differs = report.waiting > 0;
  return [
    h("h2", {}, activityName(app, report.activity)),
    h("p", {}, `${unitName(app, report.unit)} · ${dayWords(report.day)}`),
    report.counted && h("p", {}, differs && `${t("number_now")}: `, figures(app, report.counted)),
    differs && h("p", {}, `${t("number_then")}: `, figures(app, report.here) || t("fate_void")),
    h("p", { class: `fate ${report.fate === "refused" ? "needs" : report.fate}` }, t(`fate_${report.fate}`), checked(report)),
    expected > 0 && h("p", {}, t("photos_of", { n: received, m: expected })),
    waiting > 0 && h("p", {}, t("photos_waiting", { n: waiting })),
    absent > 0 && h("p", {}, t("photos_elsewhere", { n: absent })),
    rejected.map((code) => note(t("photo_rejected", { reason: t(rejection(code)) }), "warn")),
  ];
}

/** Who has checked the figure so far. */
const checked = ({ fate, band }) => fate === "counted" && has(`band_${band}`) && ` · ${t(`band_${band}`)}`;

function rejection(code) {
  const key = `rejected_${code.replaceAll("-", "_")}`;
  return has(key) ? key : "rejected_other";
}

/** A filing that the server refused: there is nothing there to correct; what was written is mended and filed anew. */
function never(app, report) {
  const mend = async () => {
    const draft = await app.field.outbox.mend(report.refused);
    app.go(placeOf((await app.field.outbox.drafts()).find(({ id }) => id === draft)));
  };
  return [h("h1", {}, t("mend")), summary(app, report), note(t("never_filed"), "plain"), button(t("mend"), mend, "main"),
    h("a", { class: "button plain", href: "#queue" }, t("why")), h("a", { class: "button plain", href: "#reports" }, t("back"))];
}

async function one(app, report, draft) {
  const known = draft && (await app.field.outbox.drafts()).find(({ id }) => id === draft);
  const before = report.here ?? report.counted ?? {};
  const body = { metrics: { ...(known?.form.body.metrics ?? before) } };
  const choice = { reason: null };
  const text = labelled(t("reason_text"), h("input", { maxlength: "300" }));
  text.hidden = true;
  const form = h("form", { novalidate: true });
  const reasons = choices(t("why"), REASONS.map((code) => [code, t(`reason_${code}`)]), null, (code) => {
    choice.reason = code;
    text.hidden = code !== "other";
  });
  const given = () => {
    const typed = text.querySelector("input").value.trim();
    if (!choice.reason || (choice.reason === "other" && !typed)) return say(t("need_reason"), "stop");
    return { reason: choice.reason === "other" ? typed : choice.reason };
  };
  const options = { view: report.view, ...(known && { draft, mends: known.form.mends }) };
  const finish = async (work) => {
    try {
      await work();
      history.replaceState(null, "", "#reports");
      await app.go("reports");
      say(t("saved"));
      app.field.sync.tap();
    } catch (error) {
      if (!(error instanceof NotSaved)) throw error;
      say(t(error.reason === "quota" ? "not_saved_quota" : "not_saved"), "stop");
    }
  };
  const shape = { metrics: inOrder(app, Object.keys(before)) };
  const correct = (event) => {
    event.preventDefault();
    const fault = faultIn(app, shape, body, form);
    if (fault) return say(fault, "stop");
    if (!known && shape.metrics.every((code) => body.metrics[code] === before[code])) return say(t("not_changed"), "stop");
    const why = given();
    if (why) finish(() => app.field.outbox.correct(report.id, { metrics: body.metrics, ...why }, options));
  };
  const cancel = () => {
    const why = given();
    if (why) finish(() => app.field.outbox.voidReport(report.id, why, options));
  };
  form.addEventListener("submit", correct);
  const corrects = may(app, "correct") && [numbers(app, shape, body, () => {}), h("button", { class: "button main" }, t("correct"))];
  const voids = may(app, "void") && [note(t("void_ask"), "plain"), button(t("void"), cancel, "stop")];
  const [fields, send] = corrects || [];
  form.append(...[fields, reasons, text, send, ...(voids || [])].filter(Boolean));
  const title = [corrects && t("correct"), voids && t("void")].filter(Boolean).join(" · ") || t("reports");
  return [h("h1", {}, title), summary(app, report), h("a", { class: "button", href: `#evidence/${report.id}` }, t("evidence")),
    (corrects || voids) && form, h("a", { class: "button plain", href: "#reports" }, t("back"))];
}
