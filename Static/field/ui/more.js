// More evidence for a report that is filed: a sheet scanned in the evening, the hall from another phone.

import { NotSaved } from "../core/field.js";
import { h, note, say, t } from "./dom.js";
import { summary } from "./own.js";
import { photos } from "./photos.js";
import { keepDraft } from "./quick.js";

/** `detail`: the report, then /draft */
export async function screen(app, detail) {
  const [id, draft] = detail.split("/");
  const report = (await app.field.outbox.reports()).find((one) => one.id === id);
  const title = h("h1", {}, t("evidence"));
  const back = h("a", { class: "button plain", href: "#reports" }, t("reports"));
  if (!report || report.refused || report.fate === "void") return [title, note(t("evidence_none"), "plain"), back];
  const kept = draft && (await app.field.outbox.drafts()).find((one) => one.id === draft);
  const form = kept?.form ?? { body: { kind: "report.evidence", report: id }, files: [] };
  form.files ??= [];
  const state = { id: kept ? draft : null, form, report, box: h("form", { novalidate: true }), saving: false };
  const pictures = photos(app, () => report, form.files, () => keepDraft(app, state, `evidence/${id}`));
  state.box.addEventListener("submit", (event) => {
    event.preventDefault();
    void send(app, state);
  });
  state.box.append(pictures.box, h("button", { class: "button main" }, t("save")));
  return [title, summary(app, report), state.box, back];
}

async function send(app, state) {
  if (state.saving) return;
  const { body, files, mends } = state.form;
  if (!files.length) return say(t("evidence_need"), "stop");
  await state.turn;
  state.saving = true;
  try {
    await app.field.outbox.seal(body, { draft: state.id ?? undefined, files, mends, view: state.report.view });
    history.replaceState(null, "", "#reports");
    await app.go("reports");
    say(t("saved"));
    app.field.sync.tap();
  } catch (error) {
    state.saving = false;
    if (!(error instanceof NotSaved)) throw error;
    say(t(error.reason === "quota" ? "not_saved_quota" : "not_saved"), "stop");
  }
}
