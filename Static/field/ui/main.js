// The first thing that runs: opens the phone's memory, lets one sign in, and meanwhile brings the rest of the app.

import { openEntry, StoreRefused } from "../core/entry.js";
import { h, note, speakFirst, t } from "./dom.js";
import { read, show } from "./frame.js";
import { signIn } from "./signin.js";

await speakFirst(read("language"));
try {
  const entry = await openEntry();
  let rest = null;
  if (!entry.session.current) {
    const signedIn = new Promise((resolve) => {
      const paint = async () => void show(paint, await signIn(entry.session, resolve));
      void paint();
    });
    // When it does not come now, it is asked for again once somebody has signed in.
    rest = import("./app.js").catch(() => null);
    await signedIn;
  }
  const { start } = (await rest) ?? (await import("./app.js"));
  await start(entry);
} catch (error) {
  if (!(error instanceof StoreRefused)) throw error;
  document.getElementById("app").replaceChildren(h("main", {}, note(t("nothing_can_be_saved"), "stop")));
}
