// Today: one big button, the day's list, where else to go, what is unfinished, and the two totals.

import { button, h, named, note, t } from "./dom.js";
import { activityName, clockIsWrong, dayWords, inOrder, metric, placeOf, quietToday, unitName } from "./facts.js";
import { isWhole } from "./versions.js";

export async function today(app) {
  const { field } = app;
  const { day } = field.clock.today();
  const { outbox } = field;
  const [drafts, totals, rows, needs, reports] = await Promise.all([
    outbox.drafts(), outbox.totals({ day }), outbox.list(), outbox.needs(), outbox.reports(),
  ]);
  // It may not be on the phone yet; it is looked for again when all is.
  const agenda = isWhole() ? await import("./agenda.js").catch(() => null) : null;
  const quiet = quietToday(app);
  return [
    h("h1", {}, t("today")), note(field.session.current.person.name, "plain"),
    quiet && note(quiet, "warn"), clockIsWrong(app) && note(t("clock_wrong"), "warn"),
    !field.pull.data && note(t("no_pull"), "warn"),
    needs > 0 && h("a", { class: "button stop", href: "#queue" }, t("needs_you", { n: needs })),
    h("p", {}, h("a", { class: "button main", href: "#quick" }, t("file"))),
    agenda?.events(app, day, rows), places(app, agenda?.agenda(app, day, rows) ?? {}),
    totals.waits > 0 && note(t("summary", { n: totals.waits })),
    table(app, totals), note(t("attendances_note"), "plain"), unfinished(app, drafts, reports), agenda?.phones(field.pull.data),
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

function unfinished(app, drafts, reports) {
  if (!drafts.length) return null;
  const line = (draft) => {
    const { id, form } = draft;
    const drop = async () => {
      await app.field.outbox.dropDraft(id);
      await app.go("today");
    };
    const { kind, report, text = "" } = form.body ?? {};
    // A correction is of a report: that one is named.
    const { activity, unit = "", day = "" } = (report ? reports.find((one) => one.id === report) : form.body) ?? {};
    const what = [report && t(`kind_${kind.slice(7)}`), activityName(app, activity), unitName(app, unit), report && dayWords(day),
      text.slice(0, 60)].filter(Boolean).join(" · ");
    return h("li", { class: "card", "data-id": id }, h("p", {}, what),
      h("a", { class: "button", href: `#${placeOf(draft)}` }, t("continue")), button(t("drop"), drop, "plain"));
  };
  return h("section", {}, h("h2", {}, t("drafts")), h("ul", {}, drafts.map(line)));
}
