// Who is signed in: a device credential (token and signing key) of a person. Signing out deletes no work, and one
// person's rows are never read for another: their keys begin with the person's id.

import { newKey } from "./seal.js";
import { troubleOf } from "./transport.js";

/** reason: wrong, limit, offline, portal, refused (see problem), storage. Nothing on the phone changed. */
export class SignInFailed extends Error {
  constructor(reason, { problem, cause } = {}) {
    super(`sign-in failed: ${reason}`, { cause });
    this.name = "SignInFailed";
    this.reason = reason;
    this.problem = problem;
  }
}

const FAILURES = {
  ...{ "sign-in": "wrong", busy: "limit", forbidden: "refused" },
  ...{ envelope: "refused", cut: "portal", server: "portal" },
};

/** Whether a photo still has to travel. */
export const photoWaits = ({ state, dismissed }) => !dismissed && (state === "waiting" || state === "sending");

/** Whether an operation still has to travel. */
export const waits = ({ state, retryable }) => state !== "accepted" && (state !== "needs" || retryable);

export class Session {
  /** `witness`: a second memory (localStorage) of the last number, to know a loss in the first. */
  constructor({ store, transport, clock, witness, changed = () => {} }) {
    Object.assign(this, { store, transport, clock, witness, changed });
    this.row = null;
  }

  async load() {
    this.row = await this.store.read(["meta", "devices"], async (tx) => {
      const current = await tx.get("meta", "current");
      return (current?.device && (await tx.get("devices", current.device))) || null;
    });
    if (this.row) await this.#compareWithWitness();
  }

  get current() {
    if (!this.row) return null;
    const { key: device, person, expires, restored = false, lost = null } = this.row;
    return { device, person, expires, restored, lost };
  }

  get person() {
    return this.row?.person.id ?? null;
  }

  get token() {
    return this.row?.token ?? null;
  }

  async signIn({ login, password, name }) {
    const { key, point } = await newKey();
    const body = JSON.stringify({ login, password, name, public_key: point });
    const answer = await this.transport.call("POST", "/api/v1/devices", { body });
    const { device, token, person, expires, server_token, now } = answer.json ?? {};
    const complete = answer.ours && answer.status < 300 && typeof device === "string" && typeof token === "string";
    if (!complete || typeof person?.id !== "string") {
      const { reason, problem } = troubleOf(answer);
      throw new SignInFailed(FAILURES[reason] ?? reason, { problem });
    }
    const row = { key: device, person, token, expires, signing: key, n: 0, prev: null };
    try {
      await this.store.write(["meta", "devices"], (tx) => {
        tx.put("devices", row);
        tx.put("meta", { key: "current", device });
      });
      this.row = row;
      await this.clock.heard({ now, server_token, person: person.id });
    } catch (cause) {
      throw new SignInFailed("storage", { cause });
    }
    this.changed("session");
    return this.current;
  }

  /** Forgets token and key; what is sealed stays, and goes out when the same person is back. The device is revoked
   * only when nothing sealed with its key is left, for that would be refused; photos carry no signature. */
  async signOut() {
    const { row } = this;
    if (!row) return { waiting: 0, photos: 0, revoked: false };
    const [waiting, photos] = await this.store.write(["meta", "devices", "ops", "evidence"], async (tx) => {
      const kept = await tx.get("devices", row.key);
      tx.put("devices", { ...kept, token: null, signing: null });
      tx.put("meta", { key: "current", device: null });
      const mine = `${row.person.id}/`;
      return [(await tx.range("ops", mine)).filter(waits).length, (await tx.range("evidence", mine)).filter(photoWaits).length];
    });
    this.row = null;
    this.changed("session");
    if (waiting > 0) return { waiting, photos, revoked: false };
    const answer = await this.transport.call("DELETE", "/api/v1/devices/self", { token: row.token });
    return { waiting, photos, revoked: answer.status >= 200 && answer.status < 300 };
  }

  /** How many operations and photos of other persons wait on this phone. */
  async others() {
    const [ops, photos] = await this.store.read(["ops", "evidence"], async (tx) => [
      await tx.range("ops", ""), await tx.range("evidence", ""),
    ]);
    return [...ops.filter(waits), ...photos.filter(photoWaits)].filter(({ person }) => person !== this.person).length;
  }

  /** A higher last number at the server means that this phone was restored from a backup, and that numbers sealed
   * from now on fork. Work goes on; the server flags it. */
  async compareWithServer() {
    const { row } = this;
    if (!row || row.restored) return;
    const answer = await this.transport.call("GET", "/api/v1/devices/self", { token: row.token });
    if (!answer.ours || answer.status !== 200 || answer.json.device !== row.key) return;
    const fresh = await this.store.read(["devices"], (tx) => tx.get("devices", row.key));
    if (fresh && answer.json.last_n > fresh.n) await this.#note(row.key, { restored: true });
  }

  witnessed(device, n) {
    try {
      this.witness?.setItem(`jarshy-n-${device}`, String(n));
    } catch {
      // only this check is lost
    }
  }

  async #compareWithWitness() {
    const { key, n, lost } = this.row;
    const seen = Number(this.witness?.getItem(`jarshy-n-${key}`) ?? 0);
    if (seen > n && !lost) await this.#note(key, { lost: { from: n + 1, to: seen } });
  }

  async #note(device, facts) {
    const noted = await this.store.write(["devices"], async (tx) => {
      const row = { ...(await tx.get("devices", device)), ...facts };
      tx.put("devices", row);
      return row;
    });
    if (this.row?.key === device) this.row = noted;
    this.changed("session");
  }
}
