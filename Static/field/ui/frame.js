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
    // Screens that keep no draft would lose what stands in their fields.
    const fields = document.querySelector("nav") && (await import("./fields.js").catch(() => null));
    const typed = fields?.gather();
    await speak(code);
    write("language", code);
    await repaint();
    fields?.restore(typed);
  };
  return h("header", {}, h("a", { class: "brand", href: "#today" }, t("app")),
    select(names, language(), change, { "aria-label": t("language") }));
}

/** Puts a screen into the page. Quietly: what is the same as before stays as it stands, and so do the focus and what was
 * said; else the screen begins at its top. */
export function show(repaint, content, { above = "", below = "", quietly = false } = {}) {
  const main = h("main", { id: "main", tabindex: "-1" }, h("p", { id: "said", role: "status", class: "note" }), content);
  const page = document.getElementById("app");
  const said = document.getElementById("said");
  const focused = document.activeElement?.id;
  const fresh = [head(repaint), above, main, below].filter(Boolean);
  if (quietly) {
    if (said) main.firstChild.replaceWith(said.cloneNode(true));
    keepSame(page, fresh);
    if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus();
    return;
  }
  page.replaceChildren(...fresh);
  if (!said) return;
  main.focus();
  scrollTo(0, 0);
}

/** Puts `fresh` in the place of what `parent` holds, leaving alone each part that is equal to one before, and what somebody
 * has opened (`data-keep`). What is equal to look at must do the same: see `data-id`. */
function keepSame(parent, fresh) {
  let at = parent.firstChild;
  const drop = () => {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  };
  for (const node of fresh) {
    let same = at;
    while (same && !fits(same, node)) same = same.nextSibling;
    if (!same) {
      parent.insertBefore(node, at);
      continue;
    }
    while (at !== same) drop();
    if (HOLDS.has(node.nodeName)) keepSame(same, [...node.childNodes]);
    at = same.nextSibling;
  }
  while (at) drop();
}

const HOLDS = new Set(["MAIN", "UL"]);

function fits(old, node) {
  if (old.nodeName !== node.nodeName) return false;
  return HOLDS.has(node.nodeName) || (node.dataset?.keep && old.dataset.keep === node.dataset.keep) || old.isEqualNode(node);
}
