// The service worker of the field app. The server puts `KEPT` before it: {version, files, rest}.
//
// 1. Install: keep every file the first screens need, whole or not at all; where an older version is, the rest too.
// 2. A new version waits until the person agrees ("take"), so that code never changes under an open form.
// 3. When it takes over, older versions are dropped.
// 4. A page or file of the app comes from the kept version; so all code on the phone is of one version.
// 5. The rest (other screens, other languages) is kept once somebody has signed in ("rest").
// 6. Everything else (the API, sign-in, other pages) goes to the network untouched, never from here.

const NAME = `jarshy-field-${KEPT.version}`;
const FILES = new Set([...KEPT.files, ...KEPT.rest]);

addEventListener("install", (event) => {
  event.waitUntil(install());
});

addEventListener("activate", (event) => {
  event.waitUntil(dropOlder());
});

addEventListener("message", (event) => {
  const { data, source } = event;
  if (data === "take") event.waitUntil(skipWaiting());
  if (data === "rest") event.waitUntil(keep(KEPT.rest).then(() => source?.postMessage("whole"), () => {}));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname !== "/field" && !FILES.has(url.pathname)) return;
  event.respondWith(kept(url.pathname, request));
});

async function install() {
  await keep(KEPT.files);
  if ((await older()).length > 0) await keep(KEPT.rest);
}

async function keep(files) {
  const cache = await caches.open(NAME);
  await Promise.all(files.map(async (path) => {
    if (await cache.match(path)) return;
    // The page as it is kept has no sign-in form: who is signed in should not see one, even for a moment.
    const answer = await fetch(path === "/field" ? "/field?kept" : path);
    // A captive portal answers 200 with its own page: that must not become the app.
    if (!answer.ok || answer.redirected || !isOurs(path, answer)) throw new TypeError(`not the app's file: ${path}`);
    await cache.put(path, answer);
  }));
}

function isOurs(path, answer) {
  const type = answer.headers.get("content-type") ?? "";
  if (path === "/field") return answer.headers.has("content-security-policy") && type.startsWith("text/html");
  return !type.startsWith("text/html");
}

async function kept(path, request) {
  const cache = await caches.open(NAME);
  return (await cache.match(path)) ?? fetch(request);
}

async function older() {
  return (await caches.keys()).filter((name) => name.startsWith("jarshy-field-") && name !== NAME);
}

async function dropOlder() {
  await Promise.all((await older()).map((name) => caches.delete(name)));
  await clients.claim();
}
