// Taking a question down: the words, the language, the way back. No name, no address.

import { NotSaved } from "../core/field.js";
import { faultOf, questionOf, REPLIES } from "../core/questions.js";
import { button, choices, h, labelled, language, named, note, say, select, t } from "./dom.js";
import { campaignsOn, unitChoices } from "./facts.js";
import { keepDraft } from "./quick.js";

const WAYS = ["door", "event", "office", "telephone", "paper"];
const LANGUAGES = [["kk", "Қазақша"], ["ru", "Русский"], ["en", "English"]];

/** `detail`: way, or way.unit, then /draft */
export async function screen(app, detail) {
  const [from, id] = detail.split("/");
  const [way, place, event] = from.split(".");
  const { day } = app.field.clock.today();
  const units = app.field.pull.data?.units ?? [];
  const campaign = campaignsOn(app, day)[0] ?? app.field.pull.data?.campaigns[0];
  if (!campaign) return [h("h1", {}, t("ask")), note(t("no_pull"), "warn")];
  const kept = id && (await app.field.outbox.drafts()).find((one) => one.id === id);
  const last = app.memory.read(`last-${app.field.session.current.person.id}`)?.unit;
  const unit = [place, last].find((code) => units.some((one) => one.code === code)) ?? (units.find(({ home }) => home) ?? units[0])?.code;
  const form = kept?.form ?? { body: {
    kind: "question.ask", campaign: campaign.code, unit, way: WAYS.includes(way) ? way : "event", language: language(), text: "",
    reply: null, contact: { kind: "phone", value: "", adult: false }, event,
  } };
  form.body.contact ??= { kind: "phone", value: "", adult: false };
  const state = { id: kept ? id : null, form, place: `ask/${from || form.body.way}`, box: h("form", { novalidate: true }) };
  state.box.addEventListener("submit", (event) => {
    event.preventDefault();
    void send(app, state);
  });
  fill(app, state);
  return [h("h1", {}, t("ask")), note(t("ask_rule"), "strong"), state.box, h("a", { class: "button plain on", href: "#questions" }, t("questions"))];
}

function fill(app, state) {
  const { body } = state.form;
  const set = (key) => (value) => {
    body[key] = value || undefined;
    keepDraft(app, state, state.place);
  };
  const text = h("textarea", { name: "text", rows: "5", maxlength: "4000", value: body.text, oninput: () => set("text")(text.value) });
  const topics = (app.field.pull.data?.questions?.topics ?? []).map(({ code, names }) => [code, named(names)]);
  const contact = h("div", {});
  const paint = () => contact.replaceChildren(...(body.reply === "contact" ? contactFields(app, state) : []));
  const reply = (value) => {
    set("reply")(value);
    paint();
  };
  paint();
  state.box.replaceChildren(...[
    labelled(t("ask_text"), text), choices(t("ask_language"), LANGUAGES, body.language, set("language"), "three"),
    topics.length > 0 && labelled(t("ask_topic"), select([["", t("ask_topic_none")], ...topics], body.topic ?? "", set("topic"))),
    choices(t("ask_reply"), REPLIES.map((code) => [code, t(`reply_${code}`)]), body.reply, reply), contact,
    labelled(t("where"), select(unitChoices(app), body.unit, set("unit"))),
    labelled(t("ask_way"), select(WAYS.map((code) => [code, t(`way_${code}`)]), body.way, set("way"))),
    h("button", { class: "button main" }, t("save")),
  ].filter(Boolean));
}

function contactFields(app, state) {
  const { contact } = state.form.body;
  const change = (key, value) => {
    contact[key] = value;
    keepDraft(app, state, state.place);
  };
  const value = h("input", { name: "contact", autocomplete: "off", inputmode: contact.kind === "phone" ? "tel" : "email",
    maxlength: "120", value: contact.value, oninput: () => change("value", value.value) });
  const adult = h("input", { type: "checkbox", name: "adult", checked: contact.adult, onchange: () => change("adult", adult.checked) });
  const kind = (code) => {
    change("kind", code);
    value.inputMode = code === "phone" ? "tel" : "email";
  };
  return [choices(t("contact_kind"), [["phone", t("contact_phone")], ["email", t("contact_email")]], contact.kind, kind, "two"),
    labelled(t("contact_value"), value), h("label", { class: "tick" }, adult, h("span", {}, t("contact_adult"))),
    note(t("contact_rule"), "plain")];
}

async function send(app, state) {
  if (state.saving) return;
  const { body, mends } = state.form;
  const fault = faultOf({ ...body, text: body.text ?? "" });
  if (fault) return say(t(`ask_need_${fault}`), "stop");
  await state.turn;
  state.saving = true;
  try {
    const sealed = questionOf(body);
    const forget = ["contact", "number"];
    await app.field.outbox.seal(sealed, { draft: state.id ?? undefined, mends, forget, view: { text: sealed.text.slice(0, 80) } });
    done(state, sealed);
    app.field.sync.tap();
  } catch (error) {
    state.saving = false;
    if (!(error instanceof NotSaved)) throw error;
    say(t(error.reason === "quota" ? "not_saved_quota" : "not_saved"), "stop");
  }
}

/** The number is shown once: the asker writes it down or photographs the screen. From a door one goes on to the next door. */
function done({ box }, { number, way }) {
  const again = h("button", { type: "button", class: "button main", onclick: () => history.back() }, t("doors"));
  if (way !== "door") document.querySelector("main > .on")?.remove();
  box.replaceChildren(note(t("saved"), "good strong"),
    ...(number ? [note(t("number_is"), "strong"), h("p", { class: "number" }, number), note(t("number_hint"), "plain")] : []),
    way === "door" ? again : h("a", { class: "button main", href: "#questions" }, t("questions")));
  box.querySelector(".number, .note")?.scrollIntoView({ block: "center" });
}
