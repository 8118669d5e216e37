// The app's own copy on the phone: a new version is told, and taken only when the person agrees.

import { button, h, t } from "./dom.js";

const OFTEN = 600_000; // ms between two looks for a new version
let waiting = false;
let whole = false;
let watching = false;
let told = () => {};
let update = () => {};

/** The notice, while a new version waits. */
export function newVersion() {
  if (!waiting) return "";
  const take = async ({ target }) => {
    target.disabled = true;
    // Whichever waits now: another may have come since the offer was made.
    (await navigator.serviceWorker.getRegistration("/field"))?.waiting?.postMessage("take");
  };
  return h("div", { class: "note warn version", role: "status" }, h("strong", {}, t("version_ready")),
    h("p", {}, t("version_safe")), button(t("version_take"), take));
}

/** Whether every screen and language lies on this phone. True where no worker can keep them. */
export const isWhole = () => whole || !navigator.serviceWorker;

/** What only a signed-in person needs is kept after the sign-in, so that the first load stays small. Calls `done` when all of
 * it is on the phone. */
export async function keepRest({ field }, done) {
  told = done;
  if (!field.session.current || !navigator.serviceWorker) return;
  (await navigator.serviceWorker.ready).active?.postMessage("rest");
}

/** Asks for a newer version at once: the server no longer understands this one. */
export const lookNow = () => update();

/** Asks for the worker, once; a signed-in person is not needed. */
export async function watchVersions() {
  const workers = navigator.serviceWorker;
  if (!workers || watching) return;
  watching = true;
  // The first worker of a phone takes a page that had none: that is no new version. Any later one is.
  let served = Boolean(workers.controller);
  workers.addEventListener("controllerchange", () => {
    if (served) location.reload();
    served = true;
  });
  workers.addEventListener("message", ({ data }) => {
    if (data !== "whole" || whole) return;
    whole = true;
    document.querySelector(".unkept")?.remove();
    told();
  });
  await register();
}

async function register() {
  try {
    const workers = navigator.serviceWorker;
    const registration = await workers.register("/field/worker.js", { scope: "/field" });
    const offer = () => {
      if (!registration.waiting || !registration.active) return;
      waiting = true;
      document.querySelector(".version")?.remove();
      document.querySelector("header")?.after(newVersion());
    };
    offer();
    registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", offer));
    update = () => registration.update().catch(() => {});
    let looked = Date.now();
    const look = () => {
      if (document.visibilityState !== "visible" || Math.abs(Date.now() - looked) < OFTEN) return;
      looked = Date.now();
      update();
    };
    for (const event of ["online", "visibilitychange"]) addEventListener(event, look);
  } catch {
    // No worker in this browser or no network yet: the app works, only not from its own copy.
    whole = true;
    addEventListener("online", register, { once: true });
  }
}
