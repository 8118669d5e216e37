// Fault 7 of reference/reporting.md, section 6, on the phone: an old service worker beside a new server. The worker's own
// text runs here, with a browser's caches made of maps.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { createContext, runInContext } from "node:vm";

const RULES = readFileSync(new URL("../../Static/field/worker.js", import.meta.url), "utf8");
const ORIGIN = "https://jarshy.example";
const HTML = { "content-type": "text/html; charset=utf-8", "content-security-policy": "default-src 'self'" };
const answer = (text, headers, status = 200) => new Response(text, { status, headers });

/** The caches of one browser, which outlive every worker. */
class Caches {
  constructor() {
    this.all = new Map();
  }
  async keys() {
    return [...this.all.keys()];
  }
  async delete(name) {
    return this.all.delete(name);
  }
  async open(name) {
    if (!this.all.has(name)) this.all.set(name, new Map());
    const kept = this.all.get(name);
    return {
      put: async (path, reply) => void kept.set(path, await reply.text()),
      match: async (path) => (kept.has(path) ? answer(kept.get(path)) : undefined),
    };
  }
}

/** A worker of `version`, as the server sends it, and what it asks the browser for. */
function worker(version, caches, network) {
  const listeners = new Map();
  const asked = { took: 0, claimed: 0, fetched: [] };
  const scope = {
    ...{ URL, Set, Promise, TypeError, caches, location: { origin: ORIGIN } },
    addEventListener: (name, listener) => listeners.set(name, listener),
    skipWaiting: async () => void (asked.took += 1),
    clients: { claim: async () => void (asked.claimed += 1) },
    fetch: async (request) => {
      const path = typeof request === "string" ? request : new URL(request.url).pathname;
      asked.fetched.push(path);
      return network(path, version);
    },
  };
  const files = ["/field", "/field/words/kk.json", `/static/${version}/field/ui/main.js`];
  runInContext(`const KEPT = ${JSON.stringify({ version, files })};\n${RULES}`, createContext(scope));
  const fire = async (name, facts = {}) => {
    let work = null;
    let reply;
    const event = { ...facts, waitUntil: (given) => (work = given), respondWith: (given) => (reply = given) };
    listeners.get(name)(event);
    await work;
    return reply === undefined ? undefined : (await reply).text();
  };
  const get = (path, method = "GET", origin = ORIGIN) => fire("fetch", { request: { url: origin + path, method } });
  return { asked, fire, get, main: files[2] };
}

const server = (path, version) => {
  if (path === "/field") return answer(`shell ${version}`, HTML);
  if (path.endsWith(".json")) return answer("{}", { "content-type": "application/json" });
  if (path.includes(version)) return answer(`code ${version}`, { "content-type": "text/javascript" });
  return answer("gone", { "content-type": "text/html" }, 404);
};

test("fault 7: all code on the phone is of one version until the person agrees; then the old one is dropped whole", async () => {
  const caches = new Caches();
  let current = "v1";
  const network = (path) => server(path, current);
  const old = worker("v1", caches, network);
  await old.fire("install");
  await old.fire("activate");
  current = "v2"; // the server was upgraded
  const fresh = worker("v2", caches, network);
  await fresh.fire("install");
  assert.equal(fresh.asked.took, 0, "it waits");
  // The open app reads its own version, though the server no longer has it.
  assert.deepEqual([await old.get("/field"), await old.get(old.main)], ["shell v1", "code v1"]);
  await fresh.fire("message", { data: "something else" });
  assert.equal(fresh.asked.took, 0);
  await fresh.fire("message", { data: "take" });
  await fresh.fire("activate");
  assert.deepEqual([fresh.asked.took, fresh.asked.claimed, await caches.keys()], [1, 1, ["jarshy-field-v2"]]);
  assert.deepEqual([await fresh.get("/field"), await fresh.get(fresh.main)], ["shell v2", "code v2"]);
});

test("fault 7: the API and everything but the app's files go to the network untouched, whatever the worker's age", async () => {
  const caches = new Caches();
  const old = worker("v1", caches, (path) => server(path, "v1"));
  await old.fire("install");
  const asked = old.asked.fetched.length;
  for (const [path, method] of [
    ["/api/v1/sync", "POST"],
    ["/api/v1/field", "GET"],
    ["/api/v1/evidence/00", "PUT"],
    ["/signin", "GET"],
    ["/static/v2/field/ui/main.js", "GET"],
    ["/field", "POST"],
  ]) {
    assert.equal(await old.get(path, method), undefined, `${method} ${path}`);
  }
  assert.equal(await old.get("/field", "GET", "https://other.example"), undefined);
  assert.equal(old.asked.fetched.length, asked, "nothing was asked for or kept in between");
});

test("fault 7: a portal, a proxy's page or half an upgrade never becomes the app; the version before it stays", async () => {
  const caches = new Caches();
  const good = worker("v1", caches, (path) => server(path, "v1"));
  await good.fire("install");
  await good.fire("activate");
  const portal = answer.bind(null, "<html>Wi-Fi</html>", { "content-type": "text/html" });
  for (const wrong of [
    () => portal(),
    (path) => (path === "/field" ? portal() : server(path, "v2")),
    (path) => (path.endsWith(".js") ? portal() : server(path, "v2")),
    (path) => (path.endsWith(".js") ? answer("gone", {}, 404) : server(path, "v2")),
    (path) => (path.endsWith(".json") ? answer("<h1>Bad gateway</h1>", { "content-type": "text/html" }, 502) : server(path, "v2")),
  ]) {
    await assert.rejects(worker("v2", caches, wrong).fire("install"), "an install that fails keeps the worker in force");
    assert.equal(await good.get("/field"), "shell v1");
  }
});
