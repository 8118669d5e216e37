// The app's frame: language, sections, notices; and which screen stands in it.

import { openField, StoreRefused } from "../core/field.js";
import { button, h, language, note, select, speak, t } from "./dom.js";
import { own } from "./own.js";
import { quick } from "./quick.js";
import { queue } from "./queue.js";
import { signIn } from "./signin.js";
import { today } from "./today.js";

const SCREENS = { today, quick, reports: own, queue };
const app = { field: null, ready: null, go, memory: { read, write } };
let shown = 0;

await speak(read("language") ?? "kk");
try {
  app.field = await openField({ onChange: changed });
  app.field.sync.start();
  addEventListener("hashchange", () => paint());
  await paint();
} catch (error) {
  if (!(error instanceof StoreRefused)) throw error;
  document.getElementById("app").replaceChildren(h("main", {}, note(t("nothing_can_be_saved"), "stop")));
}
watchVersions();

function go(screen) {
  if (location.hash === `#${screen}`) return paint();
  location.hash = screen;
}

function place() {
  const [name, detail = ""] = location.hash.slice(1).split("/");
  return name in SCREENS ? { name, detail } : { name: "today", detail: "" };
}

/** A form paints itself; whatever else stands there, a form's place before the first pull too, is painted again. */
async function changed(what) {
  if (!app.field) return;
  if (what === "session" || !document.querySelector("main form, [data-busy]")) await paint(true);
}

async function paint(quietly = false) {
  const turn = (shown += 1);
  const signedIn = Boolean(app.field.session.current);
  const { name, detail } = place();
  const content = signedIn ? await SCREENS[name](app, detail) : await signIn(app);
  if (turn !== shown) return;
  const said = h("p", { id: "said", role: "status", class: "note" });
  const main = h("main", { id: "main", tabindex: "-1" }, said, content);
  const focused = document.activeElement?.id;
  document.getElementById("app").replaceChildren(head(), newVersion(), main, signedIn ? sections(name) : "");
  document.title = `${t(signedIn ? name : "signin")} · ${t("app")}`;
  if (quietly) document.getElementById(focused)?.focus();
  else if (shown > 1) {
    main.focus();
    scrollTo(0, 0);
  }
}

function head() {
  const names = [["kk", "Қазақша"], ["ru", "Русский"], ["en", "English"]];
  const change = async (code) => {
    await speak(code);
    write("language", code);
    await paint();
  };
  return h("header", {}, h("span", { class: "brand" }, t("app")),
    select(names, language(), change, { "aria-label": t("language") }));
}

function sections(current) {
  const link = (name) => h("a", {
    href: `#${name}`, "aria-current": name === current ? "page" : null,
    onclick: () => location.hash === `#${name}` && paint(),
  }, t(name));
  return h("nav", { "aria-label": t("menu") }, Object.keys(SCREENS).map(link));
}

function newVersion() {
  if (!app.ready) return "";
  // Whichever waits now: another may have come since the offer was made.
  const take = async () => (await navigator.serviceWorker.getRegistration("/field"))?.waiting?.postMessage("take");
  return h("div", { class: "note warn version", role: "status" }, h("strong", {}, t("version_ready")),
    h("p", {}, t("version_safe")), button(t("version_take"), take));
}

async function watchVersions() {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  const hadOne = Boolean(workers.controller);
  workers.addEventListener("controllerchange", () => hadOne && location.reload());
  try {
    const registration = await workers.register("/field/worker.js", { scope: "/field" });
    const offer = () => {
      if (!registration.waiting || !workers.controller) return;
      app.ready = registration.waiting;
      document.querySelector(".version")?.remove();
      document.querySelector("header")?.after(newVersion());
    };
    offer();
    registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", offer));
    addEventListener("online", () => registration.update().catch(() => {}));
  } catch {
    // No worker in this browser or no network yet: the app works, only not from its own copy.
  }
}

/** Small things remembered on the phone: language, last values. */
function read(key) {
  try {
    return JSON.parse(localStorage.getItem(`jarshy-field-${key}`) ?? "null");
  } catch {
    return null;
  }
}

function write(key, value) {
  try {
    localStorage.setItem(`jarshy-field-${key}`, JSON.stringify(value));
  } catch {
    // only a convenience is lost
  }
}
