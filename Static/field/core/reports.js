// Reports as this phone knows them: what the server counts, and what it will once everything waiting here is accepted.

/** Whether an operation begins a report: of an event, or of anything else. */
export const isFiling = (kind) => kind === "report.file" || kind === "event.report";
const movesFigures = (kind) => isFiling(kind) || kind === "report.correct" || kind === "report.void";

/** Folds the server's list (`pulled.reports`) and the rows of the outbox into reports, newest first. */
export function fold(rows, pulled, photos = []) {
  const reports = new Map();
  const at = (id) => {
    const evidence = { expected: 0, received: 0, waiting: 0, rejected: [] };
    const blank = { id, rev: 0, band: null, view: null, counted: null, here: null, evidence };
    if (!reports.has(id)) reports.set(id, { ...blank, waiting: 0, fate: "waiting" });
    return reports.get(id);
  };
  // The server's newest come first.
  for (const one of [...(pulled?.reports ?? [])].reverse()) {
    const { id, unit, day, activity, campaign, audience, metrics, rev, band, state, evidence } = one;
    const gone = state === "void" || state === "voided";
    const counted = gone ? null : metrics;
    const fate = gone ? "void" : "counted";
    const known = { unit, day, countedDay: day, activity, campaign, audience, rev, band, counted, here: counted, fate };
    const report = Object.assign(at(id), known);
    Object.assign(report.evidence, evidence);
  }
  for (const row of rows) {
    if (row.carried || !movesFigures(row.kind)) continue;
    const report = at(isFiling(row.kind) ? row.op : row.body.report);
    report.view = row.view ?? report.view;
    if (isFiling(row.kind)) {
      const { unit, day, activity, campaign, audience } = row.body;
      for (const [key, value] of Object.entries({ unit, day, activity, campaign, audience })) report[key] ??= value;
    }
    if (row.state === "accepted") accept(report, row);
    else if (row.state === "needs") refused(report, row);
    else wait(report, row);
  }
  count(reports, rows, photos);
  return [...reports.values()].filter(({ replaced }) => !replaced).reverse();
}

/** A refused filing is no report: `refused` names it, to be mended; once that was done, only what mended it counts. */
function refused(report, row) {
  const neverFiled = isFiling(row.kind) && !report.counted && report.fate !== "void";
  if (neverFiled && row.mendedBy) report.replaced = true;
  else if (neverFiled) Object.assign(report, { refused: row.op, fate: row.dismissed ? "refused" : "needs" });
  else if (!row.mendedBy && !row.dismissed) report.fate = "needs";
}

const value = ({ kind, body }) => (kind === "report.void" ? null : body.metrics);

function accept(report, row) {
  const rev = row.outcome?.rev ?? 1;
  if (row.outcome?.effect === "competing") {
    if (rev > report.rev) report.fate = "competing";
    return;
  }
  if (rev <= report.rev) return; // the server's list is newer
  const { day, activity } = row.body;
  Object.assign(report, { rev, band: "submitted", counted: value(row), here: value(row) });
  report.day = day ?? report.day;
  report.countedDay = report.day;
  report.activity = activity ?? report.activity;
  report.fate = row.kind === "report.void" ? "void" : "counted";
}

function wait(report, row) {
  report.waiting += 1;
  report.base = row.op;
  report.here = value(row);
  report.day = row.body.day ?? report.day;
  report.activity = row.body.activity ?? report.activity;
  report.fate = "waiting";
}

/** "2 of 3 received": what the server said of the files it knows, by hash, and what this phone knows of its own photos.
 * `waiting` lie here; what is neither here nor received may lie on another phone. */
function count(reports, rows, photos) {
  const about = new Map(rows.filter(({ body }) => body).map(({ op, kind, body }) => [op, isFiling(kind) ? op : body.report]));
  const mine = new Map();
  for (const photo of photos) {
    const id = about.get(photo.op);
    if (!reports.has(id) || photo.dismissed) continue;
    if (!mine.has(id)) mine.set(id, new Map());
    mine.get(id).set(photo.sha256, photo.state);
  }
  for (const { id, evidence } of reports.values()) {
    const { files = [] } = evidence;
    const states = new Map(files.map(({ sha256, state }) => [sha256, state === "promised" ? "promised" : "received"]));
    let waiting = 0;
    for (const [sha256, state] of mine.get(id) ?? []) {
      const travels = state === "waiting" || state === "sending";
      if (travels && states.get(sha256) !== "received") waiting += 1;
      if (states.get(sha256) !== "received") states.set(sha256, state);
    }
    const received = [...states.values()].filter((state) => state === "received" || state === "deleted").length;
    const rejected = files.filter(({ state }) => state === "rejected").map(({ reason }) => reason);
    Object.assign(evidence, { waiting, rejected });
    // A list without hashes cannot be joined with what is here: the larger of both is told.
    if (states.size >= evidence.expected) Object.assign(evidence, { expected: states.size, received });
  }
}

/** The base of a new correction of `id`: the last that waits here, by its operation, for nobody knows its number yet;
 * else the revision that applies. */
export function baseRevision(id, rows, pulled) {
  const { base, rev } = fold(rows, pulled).find((one) => one.id === id) ?? {};
  return base ? { base_op: base } : { base_rev: rev || 1 };
}

/** Sums by metric, of one day when asked: `counted` by the server, and what the work `waiting` here would add to it. */
export function totals(reports, { day } = {}) {
  const counted = {};
  const waiting = {};
  const add = (sums, metrics, sign) => {
    for (const [metric, amount] of Object.entries(metrics ?? {})) sums[metric] = (sums[metric] ?? 0) + sign * amount;
  };
  for (const report of reports) {
    const wasThatDay = !day || report.countedDay === day;
    if (wasThatDay) add(counted, report.counted, 1);
    if (report.waiting === 0) continue;
    if (wasThatDay) add(waiting, report.counted, -1);
    if (!day || report.day === day) add(waiting, report.here, 1);
  }
  return { counted, waiting };
}
