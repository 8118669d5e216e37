// Photos after the figures: promised by SHA-256 in a sealed operation, then sent in chunks from where the server
// stands. waiting > sending > received | needs | deleted (by a reviewer). Bytes stay on the phone until somebody frees
// them.

import { photoWaits } from "./session.js";
import { troubleOf } from "./transport.js";

const MOST = 262_144;
const LEAST = 16_384;
const STATES = ["receiving", "verified", "refused", "deleted"];

export class Evidence {
  constructor({ store, session, transport, changed = () => {} }) {
    Object.assign(this, { store, session, transport, changed });
    this.chunk = MOST;
  }

  async rows(op = "") {
    const { person } = this.session;
    const prefix = op ? `${person}/${op}/` : `${person}/`;
    return person ? this.store.read(["evidence"], (tx) => tx.range("evidence", prefix)) : [];
  }

  async list(op) {
    return (await this.rows(op)).map(({ key, person, ready, ...item }) => item);
  }

  /** The photo itself, for its owner. */
  async blob(sha256) {
    const mine = (await this.rows()).some((row) => row.sha256 === sha256);
    return mine ? this.#blob(sha256) : null;
  }

  /** Photos that still have to travel; the same one in two reports counts once. */
  async waiting() {
    return new Set((await this.rows()).filter(photoWaits).map(({ sha256 }) => sha256)).size;
  }

  async retry(sha256) {
    const again = { state: "waiting", have: 0, reason: null, dismissed: false };
    await this.#note(sha256, (row) => (row.state === "needs" ? again : {}));
  }

  /** The person has seen that it will not arrive. */
  async dismiss(sha256) {
    await this.#note(sha256, (row) => (row.state === "needs" ? { dismissed: true } : {}));
  }

  /** Bytes that `free` would free. */
  async room() {
    const rows = await this.store.read(["evidence"], spare);
    return [...new Map(rows.map(({ sha256, bytes }) => [sha256, bytes])).values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  /** Frees the bytes of what the server has verified, or of what will never travel, when the person asks for room. */
  async free() {
    await this.store.write(["evidence", "blobs"], async (tx) => {
      for (const row of await spare(tx)) {
        tx.delete("blobs", row.sha256);
        tx.put("evidence", { ...row, freed: true });
      }
    });
    this.changed("evidence");
  }

  /** Sends what may go: its operation was accepted. -> null, or the trouble that stopped it. */
  async send() {
    const { person, token } = this.session;
    const rows = (await this.rows()).filter(({ ready, state }) => ready && ["waiting", "sending"].includes(state));
    let trouble = null;
    // The same photo in two reports travels once.
    for (const [sha256, bytes] of new Map(rows.map((row) => [row.sha256, row.bytes]))) {
      if (this.session.person !== person) break;
      const blob = await this.#blob(sha256);
      if (!blob) await this.#note(sha256, () => ({ state: "needs", reason: { type: "photo-lost" } }));
      else trouble = (await this.#sendOne(token, sha256, bytes, blob)) ?? trouble;
      if (trouble && ["offline", "portal", "sign-in"].includes(trouble.reason)) break;
    }
    return trouble;
  }

  async #sendOne(token, sha256, bytes, blob) {
    const path = `/api/v1/evidence/${sha256}`;
    let fallen = 0;
    let answer = await this.transport.call("GET", path, { token });
    for (;;) {
      const known = this.#read(answer, bytes);
      if (!known) return this.#stopped(answer, sha256);
      const { have, state } = known;
      if (state !== "receiving") {
        const [fate, type] = { verified: ["received"], deleted: ["deleted"], refused: ["needs", "refused"] }[state];
        const reason = type ? { type, detail: answer.json.detail } : null;
        await this.#note(sha256, () => ({ state: fate, have, reason }));
        return null;
      }
      await this.#note(sha256, () => ({ state: "sending", have }));
      if (have === bytes) return { reason: "server" }; // whole, and not yet looked at
      const part = await blob.slice(have, have + this.chunk).arrayBuffer();
      const call = { token, body: part, type: "application/octet-stream" };
      answer = await this.transport.call("PUT", `${path}?offset=${have}`, call);
      if (answer.ours) this.chunk = Math.min(MOST, this.chunk * 2);
      else this.chunk = Math.max(LEAST, this.chunk / 2);
      // 0 after the last byte: the whole had another hash. Twice, and it is not the network's doing.
      const after = this.#read(answer, bytes);
      const finished = have + part.byteLength === bytes && after?.state === "receiving" && after.have === 0;
      if (!finished && !(after && after.have <= have && after.state === "receiving")) continue;
      fallen += 1;
      if (fallen < 3) continue;
      if (!finished) return { reason: "server" };
      await this.#note(sha256, () => ({ state: "needs", have: 0, reason: { type: "hash" } }));
      return null;
    }
  }

  /** What the server says it holds; null for what is no such answer. */
  #read({ ours, status, json }, bytes) {
    if (!ours || !(status < 300 || status === 409)) return null;
    const { have, state = "receiving" } = json;
    return Number.isSafeInteger(have) && have >= 0 && have <= bytes && STATES.includes(state) ? { have, state } : null;
  }

  async #stopped(answer, sha256) {
    const trouble = answer.ours && answer.status < 300 ? { reason: "portal" } : troubleOf(answer);
    // 404: the promise is not known there yet; it will be. Other refusals of ours are about this photo.
    const final = trouble.reason === "envelope" && ![404, 408, 409].includes(answer.status);
    const { type, detail } = answer.json ?? {};
    const needs = { state: "needs", reason: { type: type?.split("/").pop(), detail } };
    await this.#note(sha256, () => (final ? needs : { state: "waiting" }));
    return final ? null : trouble;
  }

  async #blob(sha256) {
    return (await this.store.read(["blobs"], (tx) => tx.get("blobs", sha256)))?.blob ?? null;
  }

  async #note(sha256, facts) {
    await this.store.write(["evidence"], async (tx) => {
      for (const row of await tx.range("evidence", `${this.session.person}/`)) {
        if (row.sha256 === sha256 && row.state !== "received") tx.put("evidence", { ...row, ...facts(row) });
      }
    });
    this.changed("evidence");
  }
}

/** Whose bytes may go: those of what arrived, was deleted by a reviewer or was seen as lost, in every report it is in. */
async function spare(tx) {
  const rows = await tx.range("evidence", "");
  const isWanted = ({ state, dismissed }) => !dismissed && state !== "received" && state !== "deleted";
  const wanted = new Set(rows.filter(isWanted).map(({ sha256 }) => sha256));
  return rows.filter(({ sha256, freed }) => !freed && !wanted.has(sha256));
}
