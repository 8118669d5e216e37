// Doors: the lists leased to one's team, and the houses of a list by street. What may not be visited is not offered.

import { isOpen, listsOf, obstacle, progress } from "../core/visits.js";
import { h, named, note, t } from "./dom.js";
import { dayWords, minuteNow, unitName } from "./facts.js";
import { qrPicture } from "./picture.js";

export async function screen(app, detail) {
  const lists = listsOf(app.field.pull.data, await app.field.outbox.list());
  const found = lists.find(({ id }) => id === detail);
  if (found) return [h("h1", {}, t("list_of", { n: found.number })), ...one(app, found)];
  return [h("h1", {}, t("doors")), note(t("voluntary"), "strong"), note(t("pairs"), "plain"),
    lists.length ? h("ul", {}, lists.map((list) => card(app, list))) : note(t("doors_none"), "plain")];
}

/** Why nobody may go now, in words; null when one may. */
export function stopped(app, list) {
  const { day } = app.field.clock.today();
  const why = obstacle(list, app.field.pull.data?.campaigns ?? [], day, minuteNow(app));
  return why && t(`doors_${why}`, { day: dayWords(list.until), ...list.round.hours });
}

function card(app, list) {
  const { round, number, until, id } = list;
  const why = stopped(app, list);
  const counts = progress(list);
  return h("li", { class: "card" }, h("h2", {}, named(round.names)),
    h("p", {}, `${unitName(app, round.unit)} · ${t("until", { day: dayWords(until) })}`),
    h("p", {}, t("progress", { ...counts, open: counts.fresh + counts.come_back })),
    why ? note(why, "warn") : h("a", { class: "button main", href: `#doors/${id}` }, t("list_of", { n: number })));
}

function one(app, list) {
  const why = stopped(app, list);
  if (why) return [note(why, "warn"), back("#doors")];
  const { round, doors } = list;
  const open = doors.filter(isOpen);
  const done = doors.filter((door) => door.state === "done" || (door.state === "come_back" && !isOpen(door)));
  const asked = doors.filter(({ state }) => state === "do_not_visit").length;
  return [
    note(`${named(round.names)} · ${unitName(app, round.unit)}`, "plain"), note(t("voluntary"), "strong"),
    round.hours && note(t("hours", round.hours), "plain"), check(list),
    open.length ? streets(list, open) : note(t("all_done"), "good"),
    done.length > 0 && h("details", {}, h("summary", {}, t("done_doors", { n: done.length })),
      h("ul", {}, done.map((door) => h("li", { class: "card" }, address(door))))),
    asked > 0 && note(t("not_offered", { n: asked }), "plain"), back("#doors"),
  ];
}

const back = (href) => h("a", { class: "button plain", href }, t("back"));

/** A resident points a phone at it and sees who has come. */
function check({ check: path }) {
  const box = h("details", { "data-keep": "who" }, h("summary", {}, t("who_we_are")));
  box.addEventListener("toggle", async () => {
    if (!box.open || box.dataset.whole) return;
    box.dataset.whole = "yes";
    box.append(await qrPicture(location.origin + path, t("who_hint")), note(t("who_hint"), "plain"), note(location.origin + path, "plain"));
  });
  return path && box;
}

function streets(list, doors) {
  return [...grouped(doors)].map(([street, rows]) => h("section", {}, street && h("h2", {}, street),
    h("ul", { class: "doors" }, rows.map((door) => h("li", {}, h("a", {
      class: `door ${door.state}`, id: `door-${door.row}`, href: `#door/${list.id}/${door.row}`,
    }, h("strong", {}, house(door)), h("span", {}, t(`door_${door.state}`))))))));
}

function grouped(doors) {
  const found = new Map();
  for (const door of doors) {
    const street = door.street ?? "";
    if (!found.has(street)) found.set(street, []);
    found.get(street).push(door);
  }
  return found;
}

export const house = ({ house: number, flat, landmark }) =>
  [number, flat && t("flat", { n: flat }), landmark].filter(Boolean).join(", ");

export const address = (door) => [door.street, house(door)].filter(Boolean).join(", ");
