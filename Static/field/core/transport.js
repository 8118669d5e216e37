// Decides what was an answer of our server at all: no redirect, our content type, a body that parses. A portal's page,
// a proxy's 502, a cut body say nothing about the work sent: it stays waiting.

const PATIENCE = 120_000; // ms; 256 KB take 42 s at 50 kbit/s

export const MOST_OPERATIONS = 50;
export const MOST_BYTES = 256 * 1024;

export class Transport {
  constructor({ fetch = (...call) => globalThis.fetch(...call), base = "", patience = PATIENCE } = {}) {
    this.fetch = fetch;
    this.base = base;
    this.patience = patience;
  }

  /** -> {ours: true, status, json, etag, after} or {ours: false, reason: offline | portal | cut | server, after}. */
  async call(method, path, { token, body, type = "application/json", etag } = {}) {
    const headers = { Accept: "application/json" };
    if (token) headers.Authorization = `Bearer ${token}`;
    if (body !== undefined) headers["Content-Type"] = type;
    if (etag) headers["If-None-Match"] = etag;
    const stop = new AbortController();
    const alarm = setTimeout(() => stop.abort(), this.patience);
    try {
      const fixed = { redirect: "manual", cache: "no-store", credentials: "omit", signal: stop.signal };
      let reply;
      try {
        reply = await this.fetch(this.base + path, { method, headers, body, ...fixed });
      } catch {
        return { ours: false, reason: "offline" };
      }
      const after = (Number(reply.headers.get("retry-after")) || 0) * 1000;
      if (etag && reply.status === 304) return { ours: true, status: 304, json: null, etag, after };
      const said = (reply.headers.get("content-type") ?? "").split(";")[0].trim();
      const problem = said === "application/problem+json";
      if (said !== "application/json" && !problem) {
        const reason = reply.status >= 500 ? "server" : "portal";
        return { ours: false, status: reply.status, after, reason };
      }
      let json;
      try {
        json = JSON.parse(await reply.text());
      } catch {
        return { ours: false, status: reply.status, after, reason: "cut" };
      }
      if (json === null || typeof json !== "object" || reply.ok === problem) {
        return { ours: false, status: reply.status, after, reason: "portal" };
      }
      return { ours: true, status: reply.status, json, etag: reply.headers.get("etag"), after };
    } finally {
      clearTimeout(alarm);
    }
  }

  /** -> {outcomes: Map of op to outcome, only of what was in the batch}, {split: true}, {needs: problem} when our
   * server cannot read a single operation, or {trouble: {reason, …}}: wait. */
  async sync(token, device, batch) {
    const body = `{"device":${JSON.stringify(device)},"ops":[${batch.map(({ text }) => text).join(",")}]}`;
    const answer = await this.call("POST", "/api/v1/sync", { token, body });
    if (answer.ours && answer.status === 200 && Array.isArray(answer.json.outcomes)) {
      const sent = new Set(batch.map(({ op }) => op));
      const known = answer.json.outcomes.filter((outcome) => sent.has(outcome?.op) && FATES.has(outcome.status));
      if (known.length > 0) return { outcomes: new Map(known.map((outcome) => [outcome.op, outcome])) };
      return { trouble: { reason: "portal" } };
    }
    // 413 may come from a proxy before us too: smaller requests pass either way.
    const unread = answer.ours && [400, 413, 422].includes(answer.status);
    if (unread || answer.status === 413) {
      if (batch.length > 1) return { split: true };
      if (unread) return { needs: answer.json };
    }
    return { trouble: troubleOf(answer) };
  }
}

const FATES = new Set(["accepted", "refused", "mismatch", "parked"]);
const REASONS = { 401: "sign-in", 403: "forbidden", 429: "busy", 503: "busy" };

/** Why nothing came of a call, for the sync centre. */
export function troubleOf(answer) {
  if (!answer.ours) return { reason: answer.reason, after: answer.after };
  const fallback = answer.status >= 500 ? "server" : answer.status >= 400 ? "envelope" : "portal";
  const reason = REASONS[answer.status] ?? fallback;
  return { reason, after: answer.after, problem: answer.json, detail: answer.json?.detail };
}

/** Batches in order: at most 50 operations and 256 KB each; an operation larger than that goes alone. */
export function* batches(records, most = MOST_OPERATIONS) {
  let batch = [];
  let size = 0;
  for (const record of records) {
    if (batch.length > 0 && (batch.length === most || size + record.size > MOST_BYTES)) {
      yield batch;
      [batch, size] = [[], 0];
    }
    batch.push(record);
    size += record.size + 1;
  }
  if (batch.length > 0) yield batch;
}
