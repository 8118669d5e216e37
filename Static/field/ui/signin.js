// Sign-in on the phone: once with a network, then work goes on without.

import { h, labelled, note, say, t } from "./dom.js";

/** The sign-in screen of `place`: {session}, or {opening}, a promise of it, while it is on its way. done() is called when
 * somebody is signed in. What was typed already stays. */
export async function signIn(place, done) {
  const typed = (name) => document.querySelector(`[name=${name}]`)?.value ?? "";
  const focused = document.activeElement?.name;
  const others = place.session ? await place.session.others() : 0;
  const fact = { required: true, autocapitalize: "none" };
  const login = h("input", { ...fact, name: "login", autocomplete: "username", value: typed("login") });
  const password = h("input", { ...fact, name: "password", type: "password", autocomplete: "current-password", value: typed("password") });
  const name = h("input", { name: "phone", value: typed("phone") || t("phone_default"), maxlength: "60", required: true });
  const send = h("button", { class: "button main" }, t("signin"));
  const onsubmit = async (event) => {
    event.preventDefault();
    send.disabled = true;
    try {
      const session = place.session ?? (await place.opening).session;
      await session.signIn({ login: login.value.trim(), password: password.value, name: name.value.trim() });
      done();
    } catch (error) {
      if (error?.name !== "SignInFailed") throw error;
      say(t(`signin_${error.reason}`), "stop");
      send.disabled = false;
    }
  };
  const form = h("form", { onsubmit }, labelled(t("sign_login"), login), labelled(t("password"), password),
    labelled(t("phone_name"), name), send);
  if (focused) queueMicrotask(() => setTimeout(() => form.querySelector(`[name=${focused}]`)?.focus()));
  document.title = `${t("signin")} · ${t("app")}`;
  return [h("h1", {}, t("signin")), note(t("signin_about")), others > 0 && note(t("others", { n: others }), "warn"), form];
}
