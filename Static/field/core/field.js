// The core put together. The screens import this, photo.js, handover.js and qr.js.

import { Clock } from "./clock.js";
import { Evidence } from "./evidence.js";
import { Outbox } from "./outbox.js";
import { Pull } from "./pull.js";
import { Session } from "./session.js";
import { openStore } from "./store.js";
import { Sync } from "./sync.js";
import { Transport } from "./transport.js";

export { StoreRefused } from "./store.js";
export { NotSaved } from "./outbox.js";
export { SignInFailed } from "./session.js";

/** Opens the phone's storage; starts no traffic. Throws StoreRefused. What the core takes from its surroundings may
 * be given. */
export async function openField({ onChange = () => {}, base = "", ...given } = {}) {
  const store = given.store ?? (await openStore());
  const channel = given.channel ?? (globalThis.BroadcastChannel && new BroadcastChannel("jarshy-field"));
  const changed = (what) => {
    if (what !== "sync") channel?.postMessage(what);
    onChange(what);
  };
  const clock = new Clock(given.time);
  const transport = new Transport({ base, fetch: given.fetch, patience: given.patience });
  const witness = given.witness ?? secondMemory();
  const session = new Session({ store, transport, clock, witness, changed });
  const shared = { store, session, transport, clock, changed };
  const pull = new Pull(shared);
  const outbox = new Outbox({ ...shared, pull });
  const evidence = new Evidence(shared);
  const { locks, random, timers } = given;
  const sync = new Sync({ ...shared, outbox, evidence, pull, locks, random, timers });

  const takeUp = async () => {
    await clock.load(store);
    await session.load();
    await pull.load();
  };
  await takeUp();
  if (channel) {
    channel.onmessage = async ({ data: what }) => {
      if (what === "session" || what === "pull") await takeUp();
      onChange(what);
    };
  }
  return { session, outbox, evidence, sync, clock, pull, drafts: outbox, persistence, askToPersist };
}

function secondMemory() {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined; // forbidden: one memory less
  }
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
