// Sign-in on the phone: once with a network, then work goes on without.

import { SignInFailed } from "../core/field.js";
import { button, h, labelled, note, say, t } from "./dom.js";

export async function signIn(app) {
  const others = await app.field.session.others();
  const login = h("input", { name: "login", autocomplete: "username", autocapitalize: "none", required: true });
  const password = h("input", { name: "password", type: "password", autocomplete: "current-password", required: true });
  const name = h("input", { name: "phone", value: t("phone_default"), maxlength: "60", required: true });
  const send = h("button", { class: "button main" }, t("signin"));
  const onsubmit = async (event) => {
    event.preventDefault();
    send.disabled = true;
    try {
      await app.field.session.signIn({ login: login.value.trim(), password: password.value, name: name.value.trim() });
      app.field.sync.tap();
      app.go("today");
    } catch (error) {
      if (!(error instanceof SignInFailed)) throw error;
      say(t(`signin_${error.reason}`), "stop");
      send.disabled = false;
    }
  };
  return [
    h("h1", {}, t("signin")), note(t("signin_about")), others > 0 && note(t("others", { n: others }), "warn"),
    h("form", { onsubmit }, labelled(t("sign_login"), login), labelled(t("password"), password),
      labelled(t("phone_name"), name), send),
  ];
}

/** Signing out asks when something waits. */
export function signOut(app, waits) {
  const box = h("div", { class: "row" });
  const leave = async () => {
    await app.field.session.signOut();
    app.go("today");
  };
  const ask = () => box.replaceChildren(note(t("signout_ask", { n: waits }), "warn"),
    button(t("signout_yes"), leave), button(t("no"), () => box.replaceChildren(first)));
  const first = button(t("signout"), () => (waits > 0 ? ask() : leave()), "plain");
  box.append(first);
  return box;
}
