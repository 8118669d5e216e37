// One door: what came of it, in one tap; leaflets and a question beside it. No name, no opinion: there is no field for it.

import { NotSaved } from "../core/field.js";
import { FAMILY, isOpen, listsOf, MOST_LEAFLETS, takeVisit } from "../core/visits.js";
import { button, h, note, say, stepper, t } from "./dom.js";
import { address, stopped } from "./doors.js";

export async function screen(app, detail) {
  const [id, row] = detail.split("/");
  const list = listsOf(app.field.pull.data, await app.field.outbox.list()).find((one) => one.id === id);
  const door = list?.doors.find((one) => one.row === Number(row));
  const back = h("a", { class: "button plain", href: `#doors/${id}` }, t("back"));
  if (!door) return [h("h1", {}, t("doors")), note(t("doors_none"), "plain"), back];
  if (!isOpen(door)) return [h("h1", {}, t("doors")), note(t("door_closed"), "warn"), back];
  const why = stopped(app, list);
  if (why) return [h("h1", {}, address(door)), note(why, "warn"), back];
  return [h("h1", {}, address(door)), note(t("voluntary"), "strong"),
    door.visits > 0 && note(t("visited", { n: door.visits }), "plain"), form(app, list, door), back];
}

function form(app, list, door) {
  const facts = { leaflets: 0, question: false };
  const box = h("form", { novalidate: true, onsubmit: (event) => event.preventDefault() });
  const mark = h("input", { type: "checkbox", onchange: () => (facts.question = mark.checked) });
  const take = async (outcome) => {
    for (const one of box.querySelectorAll("button")) one.disabled = true;
    try {
      const { day } = app.field.clock.today();
      await takeVisit(app.field.outbox, list, door, { day, outcome, ...facts });
      app.field.sync.tap();
      await leave(app, list, facts.question);
    } catch (error) {
      for (const one of box.querySelectorAll("button")) one.disabled = false;
      if (!(error instanceof NotSaved)) throw error;
      say(t(error.reason === "quota" ? "not_saved_quota" : "not_saved"), "stop");
    }
  };
  const outcome = (code) => button(t(`outcome_${code}`), () => (code === "do_not_visit" ? ask() : take(code)), "outcome");
  const sure = h("div", { "aria-live": "polite" });
  const ask = () => sure.replaceChildren(note(t("do_not_visit_ask"), "warn"),
    button(t("do_not_visit_yes"), () => take("do_not_visit"), "stop"), button(t("no"), () => sure.replaceChildren(), "plain"));
  const family = (name, codes) => h("fieldset", {}, h("legend", {}, t(`door_${name}`)), h("div", { class: "pair" }, codes.map(outcome)));
  const of = (name) => Object.keys(FAMILY).filter((code) => FAMILY[code] === name);
  box.append(stepper(t("leaflets_left"), { most: MOST_LEAFLETS }, (n) => (facts.leaflets = n)),
    h("label", { class: "tick" }, mark, h("span", {}, t("has_question"))),
    family("done", of("done")), family("come_back", of("come_back")), family("do_not_visit", of("do_not_visit")), sure);
  return box;
}

/** To the question when there is one, else back to the list, at the next door. */
async function leave(app, list, question) {
  history.replaceState(null, "", `#doors/${list.id}`);
  if (question) return app.go(`ask/door.${list.round.unit}`);
  await app.go(`doors/${list.id}`);
  document.querySelector(".door")?.focus();
  say(t("saved"));
}
