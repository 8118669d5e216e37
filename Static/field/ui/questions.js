// Own questions and what became of them; an answer is brought to whoever asked, and that it was is told.

import { NotSaved } from "../core/field.js";
import { ownQuestions } from "../core/questions.js";
import { button, h, labelled, note, say, t } from "./dom.js";
import { dayWords, unitName } from "./facts.js";

/** States in which nobody waits for an answer any more. */
const OVER = new Set(["answered", "published", "not_published"]);

export async function screen(app) {
  const list = ownQuestions(app.field.pull.data, await app.field.outbox.list());
  return [h("h1", {}, t("questions")), h("p", {}, h("a", { class: "button main", href: "#ask/event" }, t("ask"))),
    list.length ? h("ul", {}, list.map((one) => card(app, one))) : note(t("questions_none"), "plain")];
}

function card(app, one) {
  const { text, language, unit, state, due, ask, joined, answer, waiting } = one;
  return h("li", { class: "card", "data-id": one.id }, h("p", { lang: language, class: "strong" }, text), h("p", {}, unitName(app, unit)),
    h("p", { class: `fate ${waiting ? "waiting" : state === "answered" || state === "published" ? "counted" : ""}` },
      t(waiting ? "fate_waiting" : `question_${state}`), due && !OVER.has(state) && ` · ${t("due", { day: dayWords(due) })}`),
    joined && h("p", {}, t("question_joined")), ask && !one.clarified && clarify(app, one), answer && answered(app, one));
}

function answered(app, { id, answer, told }) {
  const { text, language, version, sources = [], corrected } = answer;
  const source = ({ title, url }) => h("li", {}, url && /^https?:/.test(url) ? h("a", { href: url, rel: "noreferrer" }, title) : title);
  return h("div", { class: "answer" }, h("h2", {}, t("answer")),
    corrected && note(t("corrected", { day: dayWords(corrected) }), "warn"),
    text.split("\n").filter(Boolean).map((part) => h("p", { lang: language }, part)),
    sources.length > 0 && [h("p", { class: "strong" }, t("sources")), h("ul", { class: "plain" }, sources.map(source))],
    told ? note(t("told"), "good") : button(t("tell"), () => deed(app, { kind: "question.told", question: id, version }), "main"));
}

function clarify(app, { id, ask }) {
  const text = h("textarea", { rows: "3", maxlength: "2000" });
  const onsubmit = (event) => {
    event.preventDefault();
    if (!text.value.trim()) return say(t("ask_need_text"), "stop");
    void deed(app, { kind: "question.clarified", question: id, text: text.value.trim() });
  };
  return h("form", { onsubmit }, note(`${t("asked_back")} ${ask}`, "warn"), labelled(t("clarified"), text), h("button", { class: "button" }, t("save")));
}

async function deed(app, body) {
  const campaign = app.field.pull.data.campaigns[0].code;
  try {
    await app.field.outbox.seal({ campaign, ...body }, {});
    await app.go("questions");
    say(t("saved"));
    app.field.sync.tap();
  } catch (error) {
    if (!(error instanceof NotSaved)) throw error;
    say(t(error.reason === "quota" ? "not_saved_quota" : "not_saved"), "stop");
  }
}
