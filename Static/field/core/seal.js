// The device's key: made on the phone, never leaves it (not extractable), kept in IndexedDB as it is.

import { base64url, canonical, fromBase64url, sha256, utf8 } from "./canonical.js";

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const SIGNING = { name: "ECDSA", hash: "SHA-256" };

/** A new pair, and its public point (65 bytes, uncompressed) as base64url. */
export async function newKey() {
  const pair = await crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
  return { key: pair.privateKey, point: base64url(await crypto.subtle.exportKey("raw", pair.publicKey)) };
}

/** Seals `operation`: its text as it will be sent, and the hash of its canonical form without the signature. */
export async function seal(operation, key) {
  const bare = canonical(operation, ["sig"]);
  const sig = base64url(await crypto.subtle.sign(SIGNING, key, utf8(bare)));
  return { text: canonical({ ...operation, sig }), hash: await sha256(bare) };
}

/** Whether `operation.sig` was made over it by the key of `point`. */
export async function verify(operation, point) {
  const key = await crypto.subtle.importKey("raw", fromBase64url(point), CURVE, true, ["verify"]);
  const bytes = utf8(canonical(operation, ["sig"]));
  return crypto.subtle.verify(SIGNING, key, fromBase64url(operation.sig), bytes);
}
