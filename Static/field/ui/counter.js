// Two counters, each by taps: the number is taken when both say the same, or by the person who looked again.

import { button, h, note, t } from "./dom.js";

/** use(n) is called with the number both counters agree on, changed(counts) after every tap. */
export function counter(use, counts = [0, 0], changed = () => {}) {
  const box = h("div", { class: "counter" });
  const verdict = h("div", {});
  const shown = [];
  const tell = () => {
    counts.forEach((n, i) => (shown[i].textContent = String(n)));
    const [a, b] = counts;
    const agreed = a > 0 && a === b;
    verdict.replaceChildren(agreed ? button(t("counter_use"), () => use(a), "main")
      : a > 0 && b > 0 ? note(t("counter_differs", { a, b }), "warn") : "");
  };
  const half = (i, label) => {
    shown[i] = h("output", { "aria-live": "polite" }, "0");
    const add = (step) => () => {
      counts[i] = Math.max(0, counts[i] + step);
      tell();
      changed(counts);
    };
    const more = h("button", { type: "button", class: "tap", onclick: add(1), "aria-label": `${label}: ${t("counter_plus")}` },
      h("span", {}, label), shown[i]);
    const less = h("button", { type: "button", class: "button plain", onclick: add(-1),
      "aria-label": `${label}: ${t("counter_minus")}` }, "−1");
    return h("div", {}, more, less);
  };
  box.append(half(0, t("counter_first")), half(1, t("counter_second")), verdict);
  tell();
  return box;
}
