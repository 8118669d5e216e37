// The in-memory twin of store.js: same transactions, same atomicity. A `Disk` is what survives; a handle is one page's view of
// it, and dies with its page. `fault(place)` is called at every await and may throw: before the commit nothing is kept.

import { TABLES } from "../../../Static/field/core/store.js";

export class Crash extends Error {}

export class Disk {
  constructor(tables = TABLES.map((name) => [name, new Map()])) {
    this.tables = new Map(tables);
    this.queue = Promise.resolve();
  }

  /** A backup: everything as it is now. */
  copy() {
    return new Disk([...this.tables].map(([name, rows]) => [name, new Map(rows)]));
  }

  open(fault = async () => {}) {
    return new Handle(this, fault);
  }
}

class Handle {
  constructor(disk, fault) {
    Object.assign(this, { disk, fault, dead: false });
  }

  async #at(place) {
    if (this.dead) return new Promise(() => {}); // a page that is gone does nothing more
    await this.fault(place);
    if (this.dead) return new Promise(() => {});
  }

  read(tables, work) {
    return this.#run(tables, work, false);
  }

  write(tables, work) {
    return this.#run(tables, work, true);
  }

  /** One transaction after another, as IndexedDB does for those that share a table. */
  #run(tables, work, writes) {
    const turn = this.disk.queue.then(() => this.#transact(tables, work, writes));
    // A page that died inside its transaction holds up nobody: the browser aborts it.
    this.disk.queue = Promise.race([turn.catch(() => {}), this.#died()]);
    return turn;
  }

  #died() {
    this.death ??= new Promise((resolve) => {
      this.kill = () => {
        this.dead = true;
        resolve();
      };
    });
    return this.death;
  }

  async #transact(tables, work, writes) {
    const changes = new Map(tables.map((name) => [name, new Map()]));
    const rows = (name) => {
      if (!changes.has(name)) throw new Error(`${name} is not in this transaction`);
      return this.disk.tables.get(name);
    };
    const tx = {
      get: async (name, key) => {
        const kept = rows(name).get(key);
        await this.#at("get");
        return structuredClone(changes.get(name).has(key) ? changes.get(name).get(key) : kept);
      },
      range: async (name, prefix) => {
        const all = new Map(rows(name));
        for (const [key, value] of changes.get(name)) all.set(key, value);
        const found = [...all].filter(([key, value]) => value !== undefined && key.startsWith(prefix));
        await this.#at("range");
        return found.sort(([one], [other]) => (one < other ? -1 : 1)).map(([, value]) => structuredClone(value));
      },
      put: (name, value) => {
        if (!writes) throw new Error("a reading transaction");
        if (typeof value.key !== "string") throw new TypeError("a row without its key");
        rows(name);
        changes.get(name).set(value.key, structuredClone(value));
      },
      delete: (name, key) => {
        rows(name);
        changes.get(name).set(key, undefined);
      },
    };
    const result = await work(tx);
    await this.#at("before commit");
    for (const [name, puts] of changes) {
      for (const [key, value] of puts) {
        if (value === undefined) this.disk.tables.get(name).delete(key);
        else this.disk.tables.get(name).set(key, value);
      }
    }
    await this.#at("after commit");
    return result;
  }
}

/** Web Locks of one origin, for several pages of one disk. */
export class Locks {
  constructor() {
    this.held = new Map();
  }

  /** A page that died lets go. */
  release(owner) {
    for (const [name, holder] of this.held) if (holder === owner) this.held.delete(name);
  }

  of(owner) {
    return {
      request: async (name, options, work) => {
        if (this.held.has(name)) return work(null);
        this.held.set(name, owner);
        try {
          return await work({ name });
        } finally {
          if (this.held.get(name) === owner) this.held.delete(name);
        }
      },
    };
  }
}
