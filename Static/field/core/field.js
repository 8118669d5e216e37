// The core put together. The screens import this, and where they need them photo.js, handover.js, qr.js, visits.js,
// questions.js and stock.js.

import { openEntry } from "./entry.js";
import { Evidence } from "./evidence.js";
import { Outbox } from "./outbox.js";
import { Pull } from "./pull.js";
import { Sync } from "./sync.js";

export { SignInFailed, StoreRefused } from "./entry.js";
export { NotSaved } from "./outbox.js";

/** Opens the whole core, on an `entry` that is open already or on one of its own; starts no traffic. Throws
 * StoreRefused. What the core takes from its surroundings may be given. */
export async function openField({ entry: opened, ...given } = {}) {
  const entry = opened ?? (await openEntry(given));
  const { store, session, transport, clock, changed, channel } = entry;
  const shared = { store, session, transport, clock, changed };
  const pull = new Pull(shared);
  const outbox = new Outbox({ ...shared, pull });
  const evidence = new Evidence(shared);
  const { locks, random, timers } = given;
  const sync = new Sync({ ...shared, outbox, evidence, pull, locks, random, timers });
  await pull.load();
  if (channel) {
    channel.onmessage = async ({ data: what }) => {
      if (what === "session" || what === "pull") {
        await clock.load(store);
        await session.load();
        await pull.load();
      }
      entry.onChange(what);
    };
  }
  return { session, outbox, evidence, sync, clock, pull, drafts: outbox, persistence, askToPersist };
}

/** Whether the browser promised to keep what is saved, and how full it is. */
async function persistence() {
  const storage = globalThis.navigator?.storage;
  const persisted = (await storage?.persisted?.()) ?? false;
  const { usage = null, quota = null } = (await storage?.estimate?.()) ?? {};
  return { persisted, usage, quota };
}

async function askToPersist() {
  return (await globalThis.navigator?.storage?.persist?.()) ?? false;
}
