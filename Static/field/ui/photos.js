// Photos of a report: of counts and halls, never of names, faces or sign-in lists.

import { button, h, note, say, t } from "./dom.js";
import { takesLists } from "./facts.js";

const ROLES = ["tally", "hall", "counter", "slips"];
/** Where people depend on an employer or a teacher nothing with lines on it is photographed, not even a tally sheet. */
const LISTS = new Set(["tally", "slips"]);
const MOST = 10;

/** `files` is the list that is changed here; changed() is told after each change. */
export function photos(app, body, files, changed) {
  const barred = () => !takesLists(app, body());
  const box = h("fieldset", { class: "photos" });
  const paint = () => {
    const roles = ROLES.filter((role) => !(barred() && LISTS.has(role)));
    box.replaceChildren(h("legend", {}, t("photos")), note(t("photos_rule"), "strong"), note(t("photos_hall"), "plain"),
      note(t("photos_lists"), barred() ? "warn" : "plain"), h("div", { class: "pair" }, files.length < MOST && roles.map(add)),
      h("ul", {}, files.map(line)));
  };
  const add = (role) => {
    const take = async ({ target }) => {
      const [file] = target.files;
      if (!file) return;
      const { prepare } = await import("../core/photo.js");
      try {
        const ready = await prepare(file, { role });
        if (!files.some(({ sha256 }) => sha256 === ready.sha256)) files.push(ready);
        changed();
        paint();
      } catch (error) {
        if (error?.name !== "PhotoRefused") throw error;
        say(t(`photo_${error.reason}`), "stop");
      }
    };
    const input = h("input", { type: "file", accept: "image/jpeg,image/png", name: role, class: "unseen", onchange: take });
    return h("label", { class: "button file" }, input, t(`role_${role}`));
  };
  const line = (file) => {
    const drop = () => {
      files.splice(files.indexOf(file), 1);
      changed();
      paint();
    };
    return h("li", { class: "card line" }, `${t(`role_${file.role}`)}, ${Math.ceil(file.bytes / 1024)} KB`,
      button(t("photo_remove"), drop, "plain"));
  };
  /** The audience may have changed: what must not be kept there goes. */
  const again = () => {
    if (barred()) for (const file of files.filter(({ role }) => LISTS.has(role))) files.splice(files.indexOf(file), 1);
    paint();
  };
  again();
  return { box, again };
}
