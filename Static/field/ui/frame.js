// What stands around every screen, and small things remembered on the phone: language, last values.

import { h, language, select, speak, t } from "./dom.js";

export function read(key) {
  try {
    return JSON.parse(localStorage.getItem(`jarshy-field-${key}`) ?? "null");
  } catch {
    return null;
  }
}

export function write(key, value) {
  try {
    localStorage.setItem(`jarshy-field-${key}`, JSON.stringify(value));
  } catch {
    // only a convenience is lost
  }
}

/** Brand and languages; repaint() is called with the new words at hand. */
export function head(repaint) {
  const names = [["kk", "Қазақша"], ["ru", "Русский"], ["en", "English"]];
  const change = async (code) => {
    await speak(code);
    write("language", code);
    await repaint();
  };
  return h("header", {}, h("a", { class: "brand", href: "#today" }, t("app")),
    select(names, language(), change, { "aria-label": t("language") }));
}

/** Puts a screen into the page. -> its main element */
export function show(repaint, content, { above = "", below = "" } = {}) {
  const main = h("main", { id: "main", tabindex: "-1" }, h("p", { id: "said", role: "status", class: "note" }), content);
  document.getElementById("app").replaceChildren(head(repaint), above, main, below);
  return main;
}
