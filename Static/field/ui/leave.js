// Signing out on the phone: nothing of what waits is lost, and that is said first.

import { button, h, note, t } from "./dom.js";

/** Asks when records or photos wait. */
export function signOut(app) {
  const box = h("div", { class: "row", "data-keep": "signout" });
  const leave = async () => {
    await app.field.session.signOut();
    app.go("today");
  };
  const ask = (n, m) => {
    box.replaceChildren(note(t("signout_ask", { n, m }), "warn"), button(t("signout_yes"), leave), button(t("no"), stay));
  };
  const stay = () => {
    box.replaceChildren(first);
    first.focus();
  };
  const first = button(t("signout"), async () => {
    const [{ waits }, photos] = await Promise.all([app.field.outbox.totals(), app.field.evidence.waiting()]);
    return waits + photos > 0 ? ask(waits, photos) : leave();
  }, "plain");
  box.append(first);
  return box;
}
