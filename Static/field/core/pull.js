// What the server tells the phone: units, forms, quiet days, own reports. Kept by person, asked for with its ETag.

import { troubleOf } from "./transport.js";

export class Pull {
  constructor({ store, session, transport, clock, changed = () => {} }) {
    Object.assign(this, { store, session, transport, clock, changed });
    this.row = null;
  }

  get data() {
    return this.row && this.row.person === this.session.person ? this.row.data : null;
  }

  get at() {
    return this.data ? this.row.at : null;
  }

  async load() {
    const { person } = this.session;
    this.row = person && (await this.store.read(["meta"], (tx) => tx.get("meta", `pull/${person}`)));
    this.#setClock();
  }

  /** -> null, or the trouble that stopped it. What was known stays known. */
  async refresh() {
    const { person, token } = this.session;
    if (this.row?.person !== person) await this.load();
    const answer = await this.transport.call("GET", "/api/v1/field", { token, etag: this.row?.etag });
    if (answer.ours && answer.status === 304) {
      this.row = { ...this.row, at: this.clock.now() };
      return this.#time(token, person);
    }
    const { campaigns, units, now, server_token } = answer.json ?? {};
    if (!answer.ours || answer.status !== 200) return troubleOf(answer);
    if (!Array.isArray(campaigns) || !Array.isArray(units)) return { reason: "portal" };
    await this.clock.heard({ now, server_token, person });
    const row = { key: `pull/${person}`, person, etag: answer.etag, at: this.clock.now(), data: answer.json };
    await this.store.write(["meta"], (tx) => tx.put("meta", row));
    if (this.session.person === person) this.row = row;
    this.#setClock();
    this.changed("pull");
    return null;
  }

  /** Nothing is new, but a fresh token bounds better when the next operation was written. */
  async #time(token, person) {
    const answer = await this.transport.call("GET", "/api/v1/time", { token });
    if (!answer.ours || answer.status !== 200) return troubleOf(answer);
    await this.clock.heard({ ...answer.json, person });
    return null;
  }

  #setClock() {
    const offset = this.data?.campaigns?.[0]?.zone_offset;
    if (Number.isSafeInteger(offset)) this.clock.offset = offset;
  }
}
