// Today: one big button, what is unfinished, and the two totals.

import { button, h, named, note, t } from "./dom.js";
import { activityName, clockIsWrong, metric, quietToday, unitName } from "./facts.js";

export async function today(app) {
  const { field } = app;
  const { day } = field.clock.today();
  const [drafts, totals] = await Promise.all([field.outbox.drafts(), field.outbox.totals({ day })]);
  const quiet = quietToday(app);
  return [
    h("h1", {}, t("today")), note(field.session.current.person.name, "plain"),
    quiet && note(quiet, "warn"), clockIsWrong(app) && note(t("clock_wrong"), "warn"),
    !field.pull.data && note(t("no_pull"), "warn"),
    h("p", {}, h("a", { class: "button main", href: "#quick" }, t("file"))),
    totals.waits > 0 && note(t("summary", { n: totals.waits })),
    table(app, totals), note(t("attendances_note"), "plain"), unfinished(app, drafts),
  ];
}

function table(app, { counted, waiting }) {
  const codes = [...new Set([...Object.keys(counted), ...Object.keys(waiting)])];
  if (!codes.length) return null;
  return h("table", {}, h("caption", {}, t("two_totals")),
    h("thead", {}, h("tr", {}, h("td", {}), h("th", { scope: "col" }, t("counted")), h("th", { scope: "col" }, t("waiting_here")))),
    h("tbody", {}, codes.map((code) => h("tr", {}, h("th", { scope: "row" }, named(metric(app, code).names)),
      h("td", {}, String(counted[code] ?? 0)), h("td", {}, String(waiting[code] ?? 0))))));
}

function unfinished(app, drafts) {
  if (!drafts.length) return null;
  const line = ({ id, form }) => {
    const drop = async () => {
      await app.field.outbox.dropDraft(id);
      await app.go("today");
    };
    const what = [activityName(app, form.body?.activity), unitName(app, form.body?.unit ?? "")].filter(Boolean).join(" · ");
    return h("li", { class: "card" }, h("p", {}, what),
      h("a", { class: "button", href: `#quick/${id}` }, t("continue")), button(t("drop"), drop, "plain"));
  };
  return h("section", {}, h("h2", {}, t("drafts")), h("ul", {}, drafts.map(line)));
}
