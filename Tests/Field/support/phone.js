// A phone in a test: a disk that survives, pages that come and go, a clock that may be wrong, a network that may lie.

import { webcrypto } from "node:crypto";

import { openField } from "../../../Static/field/core/field.js";
import { Disk, Locks } from "./memory.js";

globalThis.crypto ??= webcrypto; // Node 18 keeps it aside

export const BASE = Date.UTC(2026, 1, 14, 7); // 12:00 in Astana

/** A small generator with a printed seed (mulberry32). */
export function chance(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  next.below = (count) => Math.floor(next() * count);
  next.of = (list) => list[next.below(list.length)];
  return next;
}

/** Seeds of a property test: JARSHY_SEEDS shortens or lengthens it, JARSHY_SEED runs one. */
export function seeds(count = 200) {
  if (process.env.JARSHY_SEED) return [Number(process.env.JARSHY_SEED)];
  return Array.from({ length: Number(process.env.JARSHY_SEEDS ?? count) }, (_, at) => at + 1);
}

/** Timers that never fire: a test says itself when a round runs. */
const still = { setTimeout: () => 0, clearTimeout: () => {} };

class Witness extends Map {
  getItem(key) {
    return this.get(key) ?? null;
  }
  setItem(key, value) {
    this.set(key, value);
  }
}

export class Phone {
  constructor(server, { disk = new Disk(), fetch = server.fetch } = {}) {
    Object.assign(this, { server, disk, fetch });
    this.locks = new Locks();
    this.witness = new Witness();
    this.wall = BASE;
    this.mono = 0;
  }

  /** Opens a page. Its network and its storage may be made to fail by `fetch` and `fault`. */
  async page({ fault, fetch = (...call) => this.fetch(...call), random, patience = 1000 } = {}) {
    const store = this.disk.open(fault);
    const owner = {};
    const time = { wall: () => this.wall, mono: () => this.mono };
    const field = await openField({
      ...{ store, time, fetch, random, witness: this.witness, locks: this.locks.of(owner), timers: still },
      channel: { postMessage: () => {} },
      patience,
    });
    field.die = () => {
      store.kill?.();
      store.dead = true;
      this.locks.release(owner);
    };
    return field;
  }

  async signedIn(login = "aigerim", { password = "secret", ...options } = {}) {
    const field = await this.page(options);
    await field.session.signIn({ login, password, name: "Galaxy A05" });
    return field;
  }
}

export const filing = (attendees = 57, more = {}) => ({
  ...{ kind: "report.file", campaign: "referendum", unit: "351033100", day: "2026-02-14", activity: "meeting" },
  ...{ audience: "residents", channel: "in_person", metrics: { events: 1, attendees } },
  ...more,
});

export const visit = (house) => ({ kind: "canvass.visit", round: "r1", house, outcome: "talked" });
