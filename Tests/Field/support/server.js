// A model of the server, written from docs/api/sync.md alone: inbox by (author, op) and hash, receipts, revisions, gaps and
// forks of devices, evidence by hash. It answers as `fetch` does. It shares no code with the client except the canonical
// form, which the vectors hold to the Swift one.

import { canonical, sha256, hex } from "../../../Static/field/core/canonical.js";
import { verify } from "../../../Static/field/core/seal.js";

const json = (status, body, headers = {}) =>
  new Response(typeof body === "string" ? body : JSON.stringify(body), {
    status,
    headers: { "content-type": status < 400 ? "application/json" : "application/problem+json", ...headers },
  });

const problem = (status, slug, detail = slug) => ({ type: `/problems/${slug}`, title: slug, status, detail });

export class Server {
  constructor({ random = Math.random, now = () => Date.UTC(2026, 1, 14, 7), verifies = false } = {}) {
    Object.assign(this, { random, now, verifies });
    this.inbox = new Map(); // "author op", of a visit only op -> {hash, receipt, operation}
    this.reports = new Map();
    this.devices = new Map();
    this.chains = new Map(); // device -> Map of n -> hash
    this.forks = [];
    this.promised = new Map();
    this.applied = []; // every operation that had an effect, in order: counts once each
    this.attempts = 0;
    this.bodies = [];
    this.refuse = () => null; // (operation) -> slug of a refusal
  }

  id() {
    const bytes = Uint8Array.from({ length: 16 }, () => Math.floor(this.random() * 256));
    return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  fetch = async (url, { method, headers, body }) => {
    const path = url.split("?")[0];
    if (path === "/api/v1/devices" && method === "POST") return this.signIn(JSON.parse(body));
    const device = [...this.devices.values()].find(({ token }) => headers.Authorization === `Bearer ${token}`);
    if (!device) return json(401, problem(401, "sign-in"));
    if (path === "/api/v1/sync") return this.sync(device, body);
    if (path === "/api/v1/time") return json(200, this.time(device.person));
    if (path === "/api/v1/devices/self") return this.self(device, method);
    if (path === "/api/v1/field") return this.field(device, headers["If-None-Match"]);
    if (path.startsWith("/api/v1/evidence/")) return this.evidence(device, url, method, body);
    return json(404, problem(404, "not-found"));
  };

  signIn({ login, public_key: point }) {
    const device = { id: this.id(), token: this.id(), person: `${hexOf(login)}-0000-7000-8000-000000000001`, point };
    this.devices.set(device.id, device);
    const person = { id: device.person, name: login, language: "kk" };
    return json(201, { device: device.id, token: device.token, person, expires: 1, ...this.time(device.person) });
  }

  time(person) {
    return { server_token: `${this.now()}.${person}`, now: this.now() };
  }

  self(device, method) {
    if (method === "DELETE") {
      device.token = null;
      device.revoked = true;
      return json(200, {});
    }
    const numbers = [...(this.chains.get(device.id)?.keys() ?? [0])];
    return json(200, { device: device.id, person: device.person, last_n: Math.max(...numbers), missing: [] });
  }

  async field(device, etag) {
    const reports = [...this.reports.values()].filter(({ author }) => author === device.person);
    const list = reports.slice(-50).map(({ id, unit, day, activity, metrics, rev, gone }) => ({
      ...{ id, unit, day, activity, metrics, rev, band: "submitted", state: gone ? "void" : "applied" },
    }));
    const campaigns = [{ code: "referendum", quiet: [] }];
    const body = { person: { id: device.person }, campaigns, units: [], reports: list };
    const tag = `"${await sha256(JSON.stringify(body))}"`;
    if (etag === tag) return new Response(null, { status: 304 });
    return json(200, { ...this.time(device.person), ...body }, { etag: tag });
  }

  async sync(device, body) {
    this.bodies.push(body.length);
    let envelope;
    try {
      envelope = JSON.parse(body);
    } catch {
      return json(400, problem(400, "bad-json"));
    }
    if (envelope.ops.length > 50) return json(413, problem(413, "too-many-operations"));
    const outcomes = [];
    for (const operation of envelope.ops) {
      // One after another, as the intake does, whoever sends.
      this.turn = (this.turn ?? Promise.resolve()).then(() => this.judge(device, operation));
      outcomes.push(await this.turn);
    }
    return json(200, `{"outcomes":[${outcomes.join(",")}]}`);
  }

  async judge(device, operation) {
    this.attempts += 1;
    const { op, author } = operation;
    const hash = await sha256(canonical(operation, ["sig"]));
    const answer = (status, rest) => JSON.stringify({ op, status, ...rest });
    // Paper and the phones of a pair name one visit alike, each with its own salt: no mismatch, and counted once.
    const isVisit = operation.kind === "canvass.visit" && "list" in operation;
    const place = isVisit ? op : `${author} ${op}`;
    const kept = this.inbox.get(place);
    if (kept) return kept.hash === hash || isVisit ? kept.receipt : answer("mismatch", { problem: problem(409, "mismatch") });
    const signer = this.devices.get(operation.key);
    const signed = signer?.person === author && (!this.verifies || (await verify(operation, signer.point)));
    const fate = !signed || signer.revoked ? { refused: "signature" } : this.apply(operation);
    if (fate.parked) return answer("parked", { problem: problem(409, fate.parked) });
    this.link(operation, hash);
    const receipt = fate.refused
      ? answer("refused", { problem: problem(422, fate.refused) })
      : answer("accepted", { effect: "applied", flags: [], ...fate });
    this.inbox.set(place, { hash, receipt, operation });
    if (!fate.refused) this.applied.push(op);
    return receipt;
  }

  /** The device's chain: a number used for two operations, or a link that does not fit, is a fork. */
  link({ key, n, prev, op }, hash) {
    const chain = this.chains.get(key) ?? new Map();
    this.chains.set(key, chain);
    const before = chain.get(n - 1);
    if ((chain.has(n) && chain.get(n) !== hash) || (before && before !== prev)) this.forks.push(op);
    else chain.set(n, hash);
  }

  apply(operation) {
    const slug = this.refuse(operation);
    if (slug) return { refused: slug };
    for (const { sha256: promise, bytes } of operation.evidence ?? []) {
      if (!this.promised.has(promise)) this.promised.set(promise, { bytes, data: new Uint8Array(0), state: "receiving" });
    }
    const { op, kind, metrics, unit, day, activity, author } = operation;
    if (kind === "report.file") {
      const revs = new Map([[`${author} ${op}`, 1]]);
      this.reports.set(op, { id: op, author, unit, day, activity, metrics, rev: 1, newest: 1, gone: false, revs });
      return { report: op, rev: 1 };
    }
    if (kind !== "report.correct" && kind !== "report.void") return { visit: op };
    const report = this.reports.get(operation.report);
    if (!report) return { parked: "report-not-here" };
    if (report.gone) return { refused: "report-voided" };
    const base = operation.base_op ? report.revs.get(`${author} ${operation.base_op}`) : operation.base_rev;
    if (!(base <= report.newest)) return { parked: "base-not-here" };
    report.newest += 1;
    report.revs.set(`${author} ${op}`, report.newest);
    if (base !== report.rev) return { report: report.id, rev: report.newest, effect: "competing" };
    report.rev = report.newest;
    report.gone = kind === "report.void";
    if (!report.gone) report.metrics = metrics;
    return { report: report.id, rev: report.rev };
  }

  /** Sums of what counts, of one person. */
  totals(person) {
    const sums = {};
    for (const { author, gone, metrics } of this.reports.values()) {
      if (author !== person || gone) continue;
      for (const [metric, amount] of Object.entries(metrics)) sums[metric] = (sums[metric] ?? 0) + amount;
    }
    return sums;
  }

  async evidence(device, url, method, body) {
    const { pathname, searchParams } = new URL(url, "http://model");
    const name = pathname.split("/").pop();
    const item = this.promised.get(name);
    if (!item) return json(404, problem(404, "not-found"));
    const offset = Number(searchParams.get("offset") ?? 0);
    if (method === "PUT" && item.state === "receiving") {
      if (offset !== item.data.length) return json(409, { ...problem(409, "offset"), have: item.data.length });
      if (offset + body.byteLength > item.bytes) return json(422, problem(422, "too-long"));
      item.data = new Uint8Array(await new Blob([item.data, body]).arrayBuffer());
      if (item.data.length === item.bytes) {
        if ((await sha256(item.data)) === name) item.state = "verified";
        else item.data = new Uint8Array(0);
      }
    }
    return json(200, { bytes: item.bytes, have: item.data.length, state: item.state });
  }
}

function hexOf(text) {
  const sum = [...text].reduce((total, char) => (total * 31 + char.charCodeAt(0)) >>> 0, 7);
  return sum.toString(16).padStart(8, "0");
}
