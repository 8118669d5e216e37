// Designated poster sites: how each stands, and what has to come down.

import { NotSaved } from "../core/field.js";
import { CONDITIONS, sitesOf } from "../core/stock.js";
import { choices, h, labelled, note, say, t } from "./dom.js";
import { campaignsOn, dayWords, unitName } from "./facts.js";

export async function screen(app, detail) {
  const { day } = app.field.clock.today();
  const sites = sitesOf(app.field.pull.data, await app.field.outbox.list(), day);
  const found = sites.find(({ id }) => id === detail);
  if (found) return one(app, found);
  const due = sites.filter((site) => site.due);
  const rest = sites.filter((site) => !site.due);
  return [h("h1", {}, t("sites")), sites.length === 0 && note(t("sites_none"), "plain"),
    due.length > 0 && h("section", {}, h("h2", {}, t("to_take_down", { n: due.length })), h("ul", {}, due.map((site) => card(app, site)))),
    h("ul", {}, rest.map((site) => card(app, site)))];
}

function summary(app, { unit, condition, take_down: day, waiting, due }) {
  return [h("p", {}, unitName(app, unit)),
    h("p", { class: `fate ${condition === "in_place" ? "counted" : "waiting"}` }, t(`site_${condition}`), waiting && ` · ${t("fate_waiting")}`),
    day && h("p", { class: due ? "fate needs" : "" }, t("take_down", { day: dayWords(day) }))];
}

const card = (app, site) => h("li", { class: `card ${site.due ? "needs" : ""}` }, h("p", { class: "strong" }, site.address),
  summary(app, site), h("a", { class: "button", href: `#sites/${site.id}` }, t("look")));

/** The photo taken for the site that stands: another language paints the screen anew, and a file field cannot be refilled. */
let held = { site: null, photo: null };

function one(app, site) {
  if (held.site !== site.id) held = { site: site.id, photo: null };
  const facts = { condition: null, photo: held.photo };
  const words = h("input", { name: "note", maxlength: "200" });
  const shown = h("p", { class: "note", "aria-live": "polite" });
  const size = () => (shown.textContent = facts.photo ? `${t("site_photo")}: ${Math.ceil(facts.photo.bytes / 1024)} KB` : "");
  size();
  const picture = h("input", { type: "file", accept: "image/jpeg,image/png", name: "site", class: "unseen", onchange: async () => {
    const [file] = picture.files;
    if (!file) return;
    const { prepare } = await import("../core/photo.js");
    try {
      facts.photo = held.photo = await prepare(file, { role: "site" });
      size();
    } catch (error) {
      if (error?.name !== "PhotoRefused") throw error;
      say(t(`photo_${error.reason}`), "stop");
    }
  } });
  const onsubmit = (event) => {
    event.preventDefault();
    if (!facts.condition) return say(t("site_need"), "stop");
    void send(app, site, { ...facts, note: words.value.trim() });
  };
  return [h("h1", {}, site.address), summary(app, site),
    h("form", { novalidate: true, onsubmit },
      choices(t("site_state"), CONDITIONS.map((code) => [code, t(`site_${code}`)]), null, (code) => (facts.condition = code), "two four"),
      h("label", { class: "button file" }, picture, t("site_photo")), note(t("site_photo_rule"), "plain"), shown,
      labelled(t("text_note"), words), h("button", { class: "button main" }, t("save"))),
    h("a", { class: "button plain", href: "#sites" }, t("back"))];
}

async function send(app, site, { condition, photo, note: words }) {
  const { day } = app.field.clock.today();
  const campaign = (campaignsOn(app, day)[0] ?? app.field.pull.data.campaigns[0]).code;
  const body = { kind: "site.condition", campaign, site: site.id, day, condition };
  if (words) body.note = words;
  try {
    await app.field.outbox.seal(body, { files: photo ? [photo] : [], view: { unit: site.address } });
    held = { site: null, photo: null };
    history.replaceState(null, "", "#sites");
    await app.go("sites");
    say(t("saved"));
    app.field.sync.tap();
  } catch (error) {
    if (!(error instanceof NotSaved)) throw error;
    say(t(error.reason === "quota" ? "not_saved_quota" : "not_saved"), "stop");
  }
}
