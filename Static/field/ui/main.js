// The first thing that runs: shows the sign-in form, opens the phone's memory, and meanwhile brings the rest of the app.

import { h, note, speakFirst, t } from "./dom.js";
import { read, show } from "./frame.js";
import { signIn } from "./signin.js";

const CORE = ["canonical", "clock", "entry", "seal", "session", "store", "transport"];

await speakFirst(read("language"));
// The page holds a form only when it came from the network: then nobody has signed in here, as a rule, and one may type
// before the phone's memory can be looked into.
const place = { opening: open() };
let signedIn = document.getElementById("login") && ask();
try {
  const entry = await place.opening;
  place.session = entry.session;
  let rest = null;
  if (!entry.session.current) {
    if (!signedIn || (await entry.session.others()) > 0) signedIn = ask();
    // When it does not come now, it is asked for again once somebody has signed in.
    rest = import("./app.js").then((app) => {
      void app.watchVersions();
      return app;
    }).catch(() => null);
    await signedIn;
  }
  const { start } = (await rest) ?? (await import("./app.js"));
  await start(entry);
} catch (error) {
  if (error?.name !== "StoreRefused") throw error;
  document.getElementById("app").replaceChildren(h("main", {}, note(t("nothing_can_be_saved"), "stop")));
}

/** All its parts are asked for at once, not one after another as they name each other. */
async function open() {
  for (const name of CORE) {
    document.head.append(h("link", { rel: "modulepreload", href: new URL(`../core/${name}.js`, import.meta.url).href }));
  }
  const { openEntry } = await import("../core/entry.js");
  return openEntry();
}

/** Resolves when somebody has signed in. */
function ask() {
  return new Promise((resolve) => {
    const paint = async () => void show(paint, await signIn(place, resolve));
    void paint();
  });
}
