// What the pull says, by name.

import { has, named, t } from "./dom.js";

export function campaignsOn(app, day) {
  return (app.field.pull.data?.campaigns ?? []).filter(({ from, to }) => from <= day && day <= to);
}

/** Whether paper with lines on it may be photographed: never at workplaces and schools. */
export function takesLists(app, { campaign: code, audience, activity }) {
  const { audiences = [], activities = [] } = campaign(app, code) ?? {};
  const isBarred = (list, wanted) => list.find((one) => one.code === wanted)?.lists === false;
  return !isBarred(audiences, audience) && !isBarred(activities, activity);
}

export const campaign = (app, code) => app.field.pull.data?.campaigns.find((one) => one.code === code);
export const unitName = (app, code) => named(app.field.pull.data?.units.find((one) => one.code === code)?.names) || code;

/** [[code, label]] of all units. Where a name repeats, the kind tells them apart, or else what the unit lies in. */
export function unitChoices(app) {
  const units = app.field.pull.data?.units ?? [];
  const tell = (label, more) => units.map((unit, at) => {
    const isTwin = label.some((one, other) => other !== at && one === label[at]);
    const words = isTwin && more(unit);
    return words ? `${label[at]} (${words})` : label[at];
  });
  const names = units.map((unit) => named(unit.names));
  const kinds = tell(names, ({ kind }) => has(`unit_${kind}`) && t(`unit_${kind}`));
  const labels = tell(kinds, ({ parent, code }) => (units.some((one) => one.code === parent) ? unitName(app, parent) : code));
  return units.map(({ code }, at) => [code, labels[at]]);
}

/** Where a draft goes on. */
export function placeOf({ id, form: { body = {}, counts } }) {
  if (body.kind === "question.ask") return `ask/${body.way}/${id}`;
  if (body.kind === "report.evidence") return `evidence/${body.report}/${id}`;
  return body.report ? `reports/${body.report}:${id}` : `${counts ? "event" : "quick"}/${id}`;
}

export function activityName(app, code) {
  for (const { activities } of app.field.pull.data?.campaigns ?? []) {
    const found = activities.find((one) => one.code === code);
    if (found) return named(found.names);
  }
  return code ?? "";
}

export function metric(app, code) {
  for (const { metrics } of app.field.pull.data?.campaigns ?? []) {
    const found = metrics.find((one) => one.code === code);
    if (found) return found;
  }
  return { code, names: { kk: code }, min: 0, max: 100000 };
}

/** Codes of metrics in the order a campaign asks for them. */
export function inOrder(app, codes) {
  const asked = (app.field.pull.data?.campaigns ?? []).flatMap(({ metrics }) => metrics.map(({ code }) => code));
  return [...codes].sort((one, other) => asked.indexOf(one) - asked.indexOf(other));
}

export const figures = (app, values = {}) =>
  inOrder(app, Object.keys(values ?? {})).map((code) => [code, values[code]]).map(([code, n]) => `${named(metric(app, code).names)}: ${n}`).join(" · ");

/** 21.11.2026 */
export const dayWords = (day) => (day ?? "").split("-").reverse().join(".");

export const quietToday = (app) => {
  const { day } = app.field.clock.today();
  return campaignsOn(app, day).some(({ quiet }) => quiet.includes(day)) && t("quiet_today");
};

export const clockIsWrong = (app) => Math.abs(app.field.clock.shift ?? 0) > 10 * 60 * 1000;

export const REASONS = ["typo", "recount", "twice", "place_day", "other"];

/** Minutes since the users' midnight. */
export const minuteNow = ({ field: { clock } }) => Math.floor((clock.now() + clock.offset * 60_000) / 60_000) % 1440;
