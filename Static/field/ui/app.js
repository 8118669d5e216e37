// The signed-in app: which screen stands in the frame, and when it is painted again.

import { openField } from "../core/field.js";
import { h, language, note, speak, t } from "./dom.js";
import { read, show, write } from "./frame.js";
import { Painter } from "./painter.js";
import { quick } from "./quick.js";
import { signIn } from "./signin.js";
import { today } from "./today.js";
import { keepRest, lookNow, newVersion, watchVersions } from "./versions.js";

/** What the menu leads to; the other screens are reached from today. Those of `LATER` come when they are opened first. */
const MENU = ["today", "quick", "reports", "queue"];
const FIRST = { today, quick };
const LATER = {
  reports: () => import("./own.js"), evidence: () => import("./more.js"), queue: () => import("./queue.js"),
  doors: () => import("./doors.js"), door: () => import("./door.js"), questions: () => import("./questions.js"),
  ask: () => import("./ask.js"), stock: () => import("./stock.js"), deed: () => import("./deed.js"),
  sites: () => import("./sites.js"), event: () => import("./event.js"),
};
export { watchVersions };

const app = { field: null, go, memory: { read, write } };
const screens = new Painter(draw, showing);
/** Whose screens are shown, and which of them stands. */
let person = null;
let standing = null;
/** Whether the server has said that it does not understand this version. */
let isStale = false;

export async function start(entry) {
  if (!read("language") && entry.session.current) write("language", language());
  await speak(language());
  app.field = await openField({ entry });
  entry.onChange = changed;
  app.field.sync.start();
  addEventListener("hashchange", () => void screens.paint());
  await screens.paint();
  await watchVersions();
  await keepRest(app, whole);
}

const whole = () => void (isBusy() || screens.paint(true));

function go(screen) {
  if (location.hash === `#${screen}`) return screens.paint();
  location.hash = screen;
}

function place() {
  const [name, ...more] = location.hash.slice(1).split("/");
  return name in FIRST || name in LATER ? { name, detail: more.join("/") } : { name: "today", detail: "" };
}

/** A screen with a form in it paints itself; all others are painted again when something changed. */
const isBusy = () => Boolean(document.querySelector("main form, [data-busy]"));

async function changed(what) {
  if (what === "session") keepRest(app, whole);
  const wasStale = isStale;
  isStale = app.field.sync.status.trouble?.reason === "envelope";
  if (isStale && !wasStale) lookNow();
  // Signed out, or in, in another tab.
  if (app.field.session.person !== person) return screens.paint();
  if (!isBusy()) await screens.paint(true);
}

async function draw() {
  person = app.field.session.person;
  if (!person) return { content: await signIn(app.field, entered) };
  const { name, detail } = place();
  const needs = await app.field.outbox.needs();
  return { name, needs, at: `${name}/${detail}`, content: await screen(name, detail) };
}

function showing({ name, needs, at, content }, asked) {
  const quietly = asked && at === standing;
  if (quietly && isBusy()) return;
  standing = at;
  show(() => screens.paint(), content, { above: newVersion(), below: name ? sections(name, needs) : "", quietly });
  if (name) document.title = `${t(name)} · ${t("app")}`;
}

async function screen(name, detail) {
  if (name in FIRST) return FIRST[name](app, detail);
  try {
    const { screen: draw } = await LATER[name]();
    return await draw(app, detail);
  } catch (error) {
    // Not on the phone yet, and no network to ask for it.
    if (!/import|fetch|load/i.test(String(error?.message))) throw error;
    return [h("h1", {}, t(name)), note(t("not_here_yet"), "warn")];
  }
}

function entered() {
  app.field.sync.tap();
  keepRest(app, whole);
  go("today");
}

/** `needs`: how many records wait for a decision; the sync centre is marked with it. */
function sections(current, needs) {
  const name = MENU.includes(current) ? current : "today";
  const link = (one) => {
    const marked = one === "queue" && needs > 0;
    return h("a", {
      href: `#${one}`, "aria-current": one === name ? "page" : null, "aria-label": marked && `${t(one)}. ${t("needs_you", { n: needs })}`,
      onclick: () => location.hash === `#${one}` && screens.paint(),
    }, t(one), marked && h("b", { class: "mark" }, String(needs)));
  };
  return h("nav", { "aria-label": t("menu") }, MENU.map(link));
}
