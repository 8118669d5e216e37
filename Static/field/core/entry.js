// What signing in needs, and nothing more: on a slow network the sign-in form works before the rest of the app is here.

import { Clock } from "./clock.js";
import { Session } from "./session.js";
import { openStore } from "./store.js";
import { Transport } from "./transport.js";

export { StoreRefused } from "./store.js";
export { SignInFailed } from "./session.js";

/** Opens the phone's storage; starts no traffic. Throws StoreRefused. `entry.onChange` may be set later. */
export async function openEntry({ onChange = () => {}, base = "", ...given } = {}) {
  const store = given.store ?? (await openStore());
  const channel = given.channel ?? (globalThis.BroadcastChannel && new BroadcastChannel("jarshy-field"));
  const entry = { onChange };
  const changed = (what) => {
    if (what !== "sync") channel?.postMessage(what);
    entry.onChange(what);
  };
  const clock = new Clock(given.time);
  const transport = new Transport({ base, fetch: given.fetch, patience: given.patience });
  const witness = given.witness ?? secondMemory();
  const session = new Session({ store, transport, clock, witness, changed });
  await clock.load(store);
  await session.load();
  return Object.assign(entry, { store, session, transport, clock, changed, channel });
}

function secondMemory() {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined; // forbidden: one memory less
  }
}
