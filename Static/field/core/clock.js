// What time it is, though the phone's clock may stand at 1970. The server's last word is carried on by the wall clock
// while that agrees with the monotonic one, else by the monotonic one alone. The day is the campaign's (UTC+5), in any
// zone.

const SLACK = 120_000; // ms the wall clock may fall behind the monotonic one
const FAR = 31 * 86_400_000; // ms it may run ahead of the server's last word

export class Clock {
  /** `wall`: ms since 1970 by the phone; `mono`: ms that never jump, from any start. */
  constructor({ wall = () => Date.now(), mono = () => performance.now() } = {}) {
    this.wall = () => Math.floor(wall());
    this.mono = mono;
    this.offset = 300; // minutes east of UTC
    this.state = { key: "clock", server: null, wall: 0, floor: 0, tokens: {} };
    this.from = { floor: 0, mono: mono() };
  }

  async load(store) {
    this.store = store;
    const kept = await store.read(["meta"], (tx) => tx.get("meta", "clock"));
    if (kept) this.state = kept;
    this.from = { floor: Math.max(this.state.floor, this.least()), mono: this.mono() };
  }

  /** The server's word; the newest token of a person is kept. */
  async heard({ now, server_token: token, person }) {
    if (!Number.isSafeInteger(now)) return;
    this.from = { floor: now, mono: this.mono() };
    this.state = { ...this.state, server: now, wall: this.wall(), floor: now };
    await this.store.write(["meta"], async (tx) => {
      const kept = (await tx.get("meta", "clock")) ?? this.state;
      const tokens = { ...kept.tokens };
      if (person && token && !(moment(tokens[person]) > moment(token))) tokens[person] = token;
      this.state = { ...this.state, tokens };
      tx.put("meta", this.state);
    });
  }

  /** In a transaction over `meta`: it was at least this late. */
  async remember(tx) {
    const kept = (await tx.get("meta", "clock")) ?? this.state;
    tx.put("meta", { ...kept, floor: Math.max(kept.floor, this.now()) });
  }

  token(person) {
    return this.state.tokens[person];
  }

  /** It is at least this late. */
  least() {
    return this.from.floor + Math.floor(this.mono() - this.from.mono);
  }

  guess() {
    const wall = this.wall();
    const least = this.least();
    if (this.state.server === null) return { now: Math.max(wall, 0), sure: false };
    const byWall = this.state.server + wall - this.state.wall;
    const believed = byWall >= least - SLACK && byWall <= Math.max(least, this.state.server) + FAR;
    return believed ? { now: Math.max(byWall, least), sure: true } : { now: least, sure: false };
  }

  now() {
    return this.guess().now;
  }

  today() {
    const { now, sure } = this.guess();
    return { day: new Date(now + this.offset * 60_000).toISOString().slice(0, 10), sure };
  }

  get shift() {
    return this.state.server === null ? null : this.wall() - this.now();
  }
}

const moment = (token) => (token ? Number(token.split(".")[0]) : -1);
