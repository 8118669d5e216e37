// The service worker of the field app. The server puts `KEPT` before it: {version, files}.
//
// 1. Install: keep every file of this version, whole or not at all.
// 2. A new version waits until the person agrees ("take"), so that code never changes under an open form.
// 3. When it takes over, older versions are dropped.
// 4. A page or file of the app comes from the kept version; so all code on the phone is of one version.
// 5. Everything else (the API, sign-in, other pages) goes to the network untouched, never from here.

const NAME = `jarshy-field-${KEPT.version}`;
const FILES = new Set(KEPT.files);

addEventListener("install", (event) => {
  event.waitUntil(keep());
});

addEventListener("activate", (event) => {
  event.waitUntil(dropOlder());
});

addEventListener("message", (event) => {
  const { data } = event;
  if (data === "take") event.waitUntil(skipWaiting());
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname !== "/field" && !FILES.has(url.pathname)) return;
  event.respondWith(kept(url.pathname, request));
});

async function keep() {
  const cache = await caches.open(NAME);
  await Promise.all(KEPT.files.map(async (path) => {
    const answer = await fetch(path);
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

async function dropOlder() {
  const names = await caches.keys();
  const older = names.filter((name) => name.startsWith("jarshy-field-") && name !== NAME);
  await Promise.all(older.map((name) => caches.delete(name)));
  await clients.claim();
}
