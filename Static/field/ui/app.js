// The signed-in app: which screen stands in the frame, and when it is painted again.

import { openField } from "../core/field.js";
import { h, language, note, speak, t } from "./dom.js";
import { read, show, write } from "./frame.js";
import { own } from "./own.js";
import { quick } from "./quick.js";
import { queue } from "./queue.js";
import { signIn } from "./signin.js";
import { today } from "./today.js";
import { keepRest, newVersion, watchVersions } from "./versions.js";

/** The sections below stand in the menu; the others are reached from today, and come when they are opened first. */
const MENU = { today, quick, reports: own, queue };
const LATER = {
  doors: () => import("./doors.js"), door: () => import("./door.js"), questions: () => import("./questions.js"),
  ask: () => import("./ask.js"), stock: () => import("./stock.js"), deed: () => import("./deed.js"),
  sites: () => import("./sites.js"), event: () => import("./event.js"),
};
const app = { field: null, go, memory: { read, write } };
let shown = 0;

export async function start(entry) {
  if (!read("language") && entry.session.current) write("language", language());
  await speak(language());
  app.field = await openField({ entry });
  entry.onChange = changed;
  app.field.sync.start();
  addEventListener("hashchange", () => paint());
  await paint();
  await watchVersions(app);
}

function go(screen) {
  if (location.hash === `#${screen}`) return paint();
  location.hash = screen;
}

function place() {
  const [name, ...more] = location.hash.slice(1).split("/");
  return name in MENU || name in LATER ? { name, detail: more.join("/") } : { name: "today", detail: "" };
}

/** A screen with a form in it paints itself; all others are painted again when something changed. */
async function changed(what) {
  if (what === "session") keepRest(app);
  if (what === "session" || !document.querySelector("main form, [data-busy]")) await paint(true);
}

async function paint(quietly = false) {
  const turn = (shown += 1);
  const signedIn = Boolean(app.field.session.current);
  const { name, detail } = place();
  const content = signedIn ? await screen(name, detail) : await signIn(app.field.session, entered);
  if (turn !== shown) return;
  const focused = document.activeElement?.id;
  const said = quietly && document.getElementById("said");
  const main = show(paint, content, { above: newVersion(), below: signedIn ? sections(name) : "" });
  if (signedIn) document.title = `${t(name)} · ${t("app")}`;
  if (said) document.getElementById("said").replaceWith(said);
  if (quietly) document.getElementById(focused)?.focus();
  else if (shown > 1) {
    main.focus();
    scrollTo(0, 0);
  }
}

async function screen(name, detail) {
  if (name in MENU) return MENU[name](app, detail);
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
  keepRest(app);
  go("today");
}

function sections(current) {
  const name = current in MENU ? current : "today";
  const link = (one) => h("a", {
    href: `#${one}`, "aria-current": one === name ? "page" : null,
    onclick: () => location.hash === `#${one}` && paint(),
  }, t(one));
  return h("nav", { "aria-label": t("menu") }, Object.keys(MENU).map(link));
}
