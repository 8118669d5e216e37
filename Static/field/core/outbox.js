// A record is sealed > sending > accepted | needs; its text never changes, and nothing is removed. Numbers of a device
// have no gap: number, chain and record are one transaction. What was "sending" when the page died is sent again and
// counts once.

import { utf8 } from "./canonical.js";
import { baseRevision, fold, isFiling, totals } from "./reports.js";
import { seal as sign } from "./seal.js";
import { waits } from "./session.js";
import { uuid7 } from "./uuid.js";

const OURS = ["op", "at", "n", "prev", "server_token", "author", "key", "sig"];
const ALL = ["meta", "devices", "ops", "drafts", "evidence", "blobs"];

/** Nothing was kept of the deed; the draft is as it was. reason: quota, storage, signed-out. */
export class NotSaved extends Error {
  constructor(reason, cause) {
    super(`not saved: ${reason}`, { cause });
    this.name = "NotSaved";
    this.reason = reason;
  }
}

const refusal = (fault) => {
  if (fault instanceof NotSaved || fault instanceof TypeError) return fault;
  return new NotSaved(fault?.name === "QuotaExceededError" ? "quota" : "storage", fault);
};

const told = ({ type, detail, errors = [] } = {}) => ({ type: String(type).split("/").pop(), detail, errors });

const promise = ({ sha256, role, bytes }) => ({ sha256, role, bytes });

export class Outbox {
  constructor({ store, session, clock, pull, changed = () => {} }) {
    Object.assign(this, { store, session, clock, pull, changed });
  }

  /** Rows of the signed-in person, in order. */
  async rows() {
    const { person } = this.session;
    return person ? this.store.read(["ops"], (tx) => tx.range("ops", `${person}/`)) : [];
  }

  async list() {
    return (await this.rows()).reverse().map(shown);
  }

  async waiting() {
    return (await this.rows()).filter(({ state }) => state === "sealed" || state === "sending");
  }

  async draft(id, form) {
    const { person } = this.session;
    if (!person) throw new NotSaved("signed-out");
    const draft = id ?? uuid7(this.clock.now());
    await this.#write(["drafts"], async (tx) => {
      const kept = await tx.get("drafts", `${person}/${draft}`);
      // Sealed already, by another tab or a second tap.
      if (!kept?.sealed) tx.put("drafts", { key: `${person}/${draft}`, id: draft, form, saved: this.clock.now() });
    });
    return draft;
  }

  async drafts() {
    const { person } = this.session;
    const rows = person ? await this.store.read(["drafts"], (tx) => tx.range("drafts", `${person}/`)) : [];
    return rows.filter((row) => !row.sealed).sort((one, other) => other.saved - one.saved);
  }

  async dropDraft(id) {
    await this.#write(["drafts"], (tx) => tx.delete("drafts", `${this.session.person}/${id}`));
  }

  /** Seals `body` as this device's next operation; resolves after the commit. A draft seals once, however often
   * asked, and so does a given `op`. `forget` names what of the body goes, with the sealed text, once accepted. */
  async seal(body, { draft, view = null, files = [], mends, op, forget } = {}) {
    const taken = OURS.filter((key) => key in body);
    if (taken.length > 0) throw new TypeError(`${taken} is for the outbox to write`);
    if (files.some(({ bytes }) => !(bytes > 0))) throw new TypeError("a photo of no bytes");
    try {
      let record = null;
      // Another tab may have taken the number: then anew.
      while (!record) record = await this.#sealOnce(body, { draft, view, files, mends, op, forget });
      this.session.witnessed(record.device, record.n);
      this.changed("outbox");
      return shown(record);
    } catch (fault) {
      throw refusal(fault);
    }
  }

  async #sealOnce(given, { draft, view, files, mends, op, forget }) {
    const { row } = this.session;
    if (!row?.signing) throw new NotSaved("signed-out");
    const [device, rows] = await this.store.read(["devices", "ops"], async (tx) => [
      await tx.get("devices", row.key),
      REVISING.has(given.kind) ? await tx.range("ops", `${row.person.id}/`) : [],
    ]);
    if (!device?.signing) throw new NotSaved("signed-out");
    const base = REVISING.has(given.kind) && baseRevision(given.report, rows, this.pull?.data);
    const body = { ...given, ...base };
    if (files.length > 0) body.evidence = files.map(promise);
    const now = this.clock.now();
    const operation = {
      ...body,
      op: op ?? uuid7(now),
      at: this.clock.wall(),
      n: device.n + 1,
      prev: device.prev ?? undefined,
      server_token: this.clock.token(device.person.id),
      author: device.person.id,
      key: device.key,
    };
    const { text, hash } = await sign(operation, device.signing);
    const person = device.person.id;
    const record = {
      ...{ op: operation.op, person, author: person, device: device.key, n: operation.n, kind: body.kind },
      ...{ body, view, at: now, draft, mends, forget, carried: false },
      ...{ text, hash, size: utf8(text).length, state: "sealed", dismissed: false },
    };
    return this.#write(ALL, async (tx) => {
      const fresh = await tx.get("devices", device.key);
      if (!fresh?.signing) throw new NotSaved("signed-out");
      const kept = draft && (await tx.get("drafts", `${person}/${draft}`));
      if (kept?.sealed) return tx.get("ops", kept.sealed);
      const twin = op && (await tx.range("ops", `${person}/`)).find((row) => row.op === op);
      if (twin) return twin;
      if (fresh.n !== device.n) return null;
      record.key = await nextKey(tx, person);
      const mended = mends && (await tx.range("ops", `${person}/`)).find(({ op }) => op === mends);
      if (mended) tx.put("ops", { ...mended, mendedBy: record.op });
      await this.clock.remember(tx);
      tx.put("devices", { ...fresh, n: record.n, prev: hash });
      tx.put("ops", record);
      if (draft) tx.put("drafts", { key: `${person}/${draft}`, id: draft, sealed: record.key });
      for (const file of files) {
        const item = { ...promise(file), person, op: record.op, have: 0, state: "waiting", ready: false };
        tx.put("evidence", { ...item, key: `${person}/${record.op}/${file.sha256}` });
        if (file.blob) tx.put("blobs", { key: file.sha256, blob: file.blob });
      }
      return record;
    });
  }

  correct(report, change, options) {
    return this.seal({ kind: "report.correct", report, ...change }, options);
  }

  voidReport(report, why, options) {
    return this.seal({ kind: "report.void", report, ...why }, options);
  }

  async sending(batch) {
    await this.#update(batch, (row) => (row.state === "sealed" ? { ...row, state: "sending" } : null));
  }

  async unanswered(batch) {
    await this.#update(batch, (row) => (row.state === "sending" ? { ...row, state: "sealed" } : null));
  }

  /** What has no outcome stays waiting; a fate once final is never changed. */
  async settle(batch, outcomes) {
    await this.#update(batch, (row) => {
      const outcome = outcomes.get(row.op);
      if (!["sealed", "sending"].includes(row.state)) return null;
      if (!outcome) return { ...row, state: "sealed" };
      const { status, problem } = outcome;
      if (status === "accepted") return forgotten({ ...row, state: "accepted", outcome, parked: null, reason: null });
      if (status === "parked") return { ...row, state: "sealed", parked: told(problem) };
      return { ...row, state: "needs", outcome, reason: told(problem), parked: null, retryable: false };
    });
    const plain = ({ op }) => (outcomes.get(op)?.status ?? "accepted") === "accepted";
    if (batch.some((row) => row.mends || row.retryable || !plain(row))) await this.#parents(batch.filter(plain));
  }

  /** Our server cannot read this one. */
  async unreadable(record, problem) {
    await this.#update([record], (row) =>
      waits(row) ? { ...row, state: "needs", reason: told(problem), retryable: true } : null,
    );
  }

  /** What is parked behind one that needs somebody needs them too, until that one was mended and accepted. */
  async #parents(moved = []) {
    const rows = await this.rows();
    const stuck = rows.filter((row) => row.parked && row.state === "sealed" && hurdle(row, rows, moved));
    const behind = ({ state, reason }) => state === "needs" && reason?.type === "parent";
    const freed = rows.filter((row) => behind(row) && !hurdle(row, rows, moved));
    await this.#update(stuck, (row) => {
      const reason = { type: "parent", detail: row.parked?.detail, errors: [] };
      return row.state === "sealed" ? { ...row, state: "needs", reason, retryable: true } : null;
    });
    await this.#update(freed, (row) => (behind(row) ? { ...row, state: "sealed", reason: null } : null));
  }

  /** A draft with what was refused, to be sealed under a new id. */
  async mend(op) {
    const [rows, files] = await this.store.read(["ops", "evidence"], async (tx) => [
      await tx.range("ops", `${this.session.person}/`),
      await tx.range("evidence", `${this.session.person}/${op}/`),
    ]);
    const record = rows.find((row) => row.op === op && row.state === "needs" && !row.carried);
    if (!record) throw new TypeError("only what needs you is mended");
    const { base_rev, base_op, evidence, ...body } = record.body;
    const parent = rows.find((row) => row.op === body.report);
    if (parent?.mendedBy) body.report = parent.mendedBy;
    return this.draft(null, { body, view: record.view, mends: op, files: files.map(promise) });
  }

  async retry(op) {
    await this.#decide(op, (row) => (waits(row) ? { ...row, state: "sealed", reason: null, parked: null } : null));
  }

  async dismiss(op) {
    await this.#decide(op, (row) => (row.state === "needs" ? forgotten({ ...row, dismissed: true }) : null));
  }

  async #decide(op, change) {
    const row = (await this.rows()).find((one) => one.op === op);
    if (row) await this.#update([row], change);
  }

  async reports() {
    const { person } = this.session;
    if (!person) return [];
    const [rows, photos] = await this.store.read(["ops", "evidence"], async (tx) => [
      await tx.range("ops", `${person}/`),
      await tx.range("evidence", `${person}/`),
    ]);
    return fold(rows, this.pull?.data, photos);
  }

  async totals(filter = {}) {
    const [rows, drafts, reports] = [await this.rows(), await this.drafts(), await this.reports()];
    const operations = { draft: drafts.length, sealed: 0, sending: 0, accepted: 0, needs: 0 };
    for (const { state } of rows) operations[state] += 1;
    return { ...totals(reports, filter), operations, waits: operations.sealed + operations.sending };
  }

  /** How many records and photos the person has to decide about. */
  async needs() {
    const { person } = this.session;
    if (!person) return 0;
    const [rows, photos] = await this.store.read(["ops", "evidence"], async (tx) => [
      await tx.range("ops", `${person}/`), await tx.range("evidence", `${person}/`),
    ]);
    return rows.filter(needsYou).length + new Set(photos.filter(needsYou).map(({ sha256 }) => sha256)).size;
  }

  /** Takes sealed operations of others, as {text, operation} each, to be sent as they are. -> {taken, known} */
  async carry(sealed) {
    const { person } = this.session;
    if (!person) throw new NotSaved("signed-out");
    const result = await this.#write(["ops", "meta"], async (tx) => {
      const here = new Set((await tx.range("ops", "")).map(({ op }) => op));
      const fresh = sealed.filter(({ operation }) => {
        const known = here.has(operation.op);
        here.add(operation.op);
        return !known;
      });
      for (const { operation, text } of fresh) {
        const { op, kind, n, author, key: device } = operation;
        tx.put("ops", {
          ...{ key: await nextKey(tx, person), op, person, author, device, n, kind },
          ...{ body: null, view: null, at: this.clock.now(), carried: true },
          ...{ text, size: utf8(text).length, state: "sealed", dismissed: false },
        });
      }
      return { taken: fresh.length, known: sealed.length - fresh.length };
    });
    await this.#parents();
    this.changed("outbox");
    return result;
  }

  async #update(batch, change) {
    if (batch.length === 0) return;
    await this.#write(["ops", "evidence"], async (tx) => {
      for (const { key } of batch) {
        const row = await tx.get("ops", key);
        const next = row && change(row);
        if (!next) continue;
        tx.put("ops", next);
        // The server knows the promise now: the bytes may follow. Or it never will.
        const fate = next.state === "accepted" ? { ready: true } : next.dismissed ? { dismissed: true } : null;
        if (!fate) continue;
        for (const item of await tx.range("evidence", `${row.person}/${row.op}/`)) {
          tx.put("evidence", { ...item, ...fate });
        }
      }
    });
    this.changed("outbox");
  }

  async #write(tables, work) {
    try {
      return await this.store.write(tables, work);
    } catch (fault) {
      throw refusal(fault);
    }
  }
}

/** Whether it waits for a decision of its owner: neither mended nor seen. Of records and of photos. */
export const needsYou = ({ state, mendedBy, dismissed }) => state === "needs" && !mendedBy && !dismissed;

/** Without what was to be forgotten, and without the sealed text that holds it too. */
function forgotten(row) {
  if (!row.forget || !row.body) return row;
  const body = Object.fromEntries(Object.entries(row.body).filter(([key]) => !row.forget.includes(key)));
  return { ...row, body, text: null, retryable: false };
}

const REVISING = new Set(["report.correct", "report.void"]);

/** An earlier operation on the same report needs somebody, and was not mended yet. A refused filing stays in the
 * way, as does a refused base: what builds on them has to be mended too. */
function hurdle(row, rows, moved) {
  // A courier cannot mend it; it waits while more of that phone leaves from here.
  if (row.carried) return ![...moved, ...rows.filter(fresh)].some((one) => one.device === row.device);
  const report = row.body?.report;
  if (!report) return false;
  const byOp = new Map(rows.map((one) => [one.op, one]));
  const fate = (one) => (one.mendedBy ? fate(byOp.get(one.mendedBy)) : one.state);
  return rows.some((one) => {
    if (one.key >= row.key || one.state !== "needs") return false;
    if (one.op === row.body.base_op) return true;
    if (one.reason?.type === "parent") return false;
    return one.op === report || (one.body?.report === report && fate(one) !== "accepted");
  });
}

const fresh = ({ state, parked }) => state === "sealed" && !parked;

async function nextKey(tx, person) {
  const order = ((await tx.get("meta", "order"))?.order ?? 0) + 1;
  tx.put("meta", { key: "order", order });
  return `${person}/${String(order).padStart(12, "0")}`;
}

function shown({ key, text, hash, size, person, draft, forget, ...record }) {
  const { report, day } = record.body ?? {};
  const about = isFiling(record.kind) ? record.op : report;
  return { retryable: false, parked: null, reason: null, outcome: null, ...record, report: about, day };
}
