// Today: one big button, the day's list, where else to go, what is unfinished, and the two totals.

import { button, h, named, note, t } from "./dom.js";
import { activityName, clockIsWrong, inOrder, metric, quietToday, unitName } from "./facts.js";
import { isWhole } from "./versions.js";

export async function today(app) {
  const { field } = app;
  const { day } = field.clock.today();
  const [drafts, totals, rows] = await Promise.all([field.outbox.drafts(), field.outbox.totals({ day }), field.outbox.list()]);
  // It may not be on the phone yet; it is looked for again when all is.
  const agenda = isWhole() ? await import("./agenda.js").catch(() => null) : null;
  const quiet = quietToday(app);
  return [
    h("h1", {}, t("today")), note(field.session.current.person.name, "plain"),
    quiet && note(quiet, "warn"), clockIsWrong(app) && note(t("clock_wrong"), "warn"),
    !field.pull.data && note(t("no_pull"), "warn"),
    h("p", {}, h("a", { class: "button main", href: "#quick" }, t("file"))),
    agenda?.events(app, day, rows), places(app, agenda?.agenda(app, day, rows) ?? {}),
    totals.waits > 0 && note(t("summary", { n: totals.waits })),
    table(app, totals), note(t("attendances_note"), "plain"), unfinished(app, drafts), agenda?.phones(field.pull.data),
    !isWhole() && note(t("unkept"), "warn unkept"),
  ];
}

/** The other screens, as far as this person's work needs them, each with what waits there. */
function places({ field: { pull: { data } } }, facts) {
  const may = (right) => data?.person?.rights?.includes(right) ?? false;
  const list = [
    ["event", may("fileReports")], ["doors", may("canvass") || data?.rounds?.length > 0],
    ["questions", may("takeQuestions")], ["stock", may("useMaterials")], ["sites", data?.materials?.sites?.length > 0],
  ].filter(([, offered]) => offered);
  return list.length > 0 && h("div", { class: "pair" }, list.map(([name]) => h("a", { class: "button", href: `#${name}` },
    h("span", {}, t(name)), facts[name] && h("small", {}, facts[name]))));
}

function table(app, { counted, waiting }) {
  const codes = inOrder(app, new Set([...Object.keys(counted), ...Object.keys(waiting)]));
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
    const { kind, activity, unit = "", text = "" } = form.body ?? {};
    const what = [activityName(app, activity), unitName(app, unit), text.slice(0, 60)].filter(Boolean).join(" · ");
    const screen = kind === "question.ask" ? `ask/${form.body.way}` : form.counts ? "event" : "quick";
    return h("li", { class: "card" }, h("p", {}, what),
      h("a", { class: "button", href: `#${screen}/${id}` }, t("continue")), button(t("drop"), drop, "plain"));
  };
  return h("section", {}, h("h2", {}, t("drafts")), h("ul", {}, drafts.map(line)));
}
