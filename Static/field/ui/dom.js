// Elements and words, nothing else. Text always goes in as text, never as HTML.

/** h("button", {class, onclick, …}, child, …); properties that are functions become listeners, false and null are left out. */
export function h(tag, facts = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(facts)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(key.slice(2), value);
    else if (key === "value" || key === "checked") element[key] = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const LANGUAGES = ["kk", "ru", "en"];
const words = { language: "kk", texts: {} };

export const language = () => words.language;

/** The words of one language; the worker keeps all three, so switching needs no network. */
export async function speak(wanted) {
  const code = LANGUAGES.includes(wanted) ? wanted : "kk";
  const answer = await fetch(`/field/words/${code}.json`);
  words.texts = await answer.json();
  words.language = code;
  document.documentElement.lang = code;
}

/** The few words that stand in the page itself, while nothing more is needed or at hand. */
export async function speakFirst(wanted) {
  const here = document.getElementById("words");
  const code = wanted ?? here.lang;
  if (here.lang !== code && (await speak(code).then(() => true, () => false))) return;
  words.texts = JSON.parse(here.dataset.words);
  words.language = here.lang;
}

/** The words of a key, with {slots} filled. */
export function t(key, slots = {}) {
  return (words.texts[key] ?? `⟦${key}⟧`).replace(/\{(\w+)\}/g, (_, slot) => slots[slot] ?? "");
}

export const has = (key) => key in words.texts;

/** One of {kk, ru, en} in the reader's language. */
export const named = (trio) => trio?.[words.language] || trio?.kk || trio?.ru || "";

export const button = (label, onclick, kind = "") => h("button", { type: "button", class: `button ${kind}`, onclick }, label);

export const note = (text, kind = "") => h("p", { class: `note ${kind}` }, text);

let ids = 0;

/** A label over its control. */
export function labelled(label, control, ...more) {
  control.id ||= `f${(ids += 1)}`;
  return h("div", { class: "row" }, h("label", { for: control.id }, label), control, more);
}

/** choices = [[value, words]]. */
export function select(choices, value, onchange, facts = {}) {
  const options = choices.map(([code, label]) => h("option", { value: code, selected: code === value }, label));
  return h("select", { ...facts, onchange: (event) => onchange(event.target.value) }, options);
}

/** One choice of a few, as big buttons that are radio buttons to a keyboard and a screen reader. */
export function choices(legend, list, value, onchange, kind = "") {
  const name = `f${(ids += 1)}`;
  const items = list.map(([code, label]) => {
    const input = h("input", {
      type: "radio", name, value: code, checked: code === value, onchange: () => onchange(code),
    });
    return h("label", { class: "choice" }, input, h("span", {}, label));
  });
  return h("fieldset", { class: `choices ${kind}` }, h("legend", {}, legend), items);
}

/** Said aloud by a screen reader and shown on the screen for as long as the screen stands. */
export function say(text, kind = "good") {
  const place = document.getElementById("said");
  place.className = `note ${kind}`;
  place.textContent = text;
}

/** A number with a big button on either side; change(n) is told each new value. */
export function stepper(label, { least = 0, most, value = least }, change) {
  const shown = h("output", { "aria-live": "polite" }, String(value));
  const step = (by) => () => {
    value = Math.min(most, Math.max(least, value + by));
    shown.textContent = String(value);
    change(value);
  };
  const half = (sign, words, by) => h("button", { type: "button", class: "button", "aria-label": `${label}: ${words}`, onclick: step(by) }, sign);
  return h("div", { class: "stepper" }, h("span", {}, label), half("−", t("counter_minus"), -1), shown, half("+", t("counter_plus"), 1));
}

/** A whole number typed into a field: NaN when it is none. */
export const whole = (text) => (/^\d{1,9}$/.test(text.replaceAll(/\s/g, "")) ? Number(text.replaceAll(/\s/g, "")) : NaN);
