// The canonical form of RFC 8785, the same bytes as JarshyKit's Json.swift: what is signed, hashed and sent.

const encoder = new TextEncoder();

/** `without` names members of the top object to leave out. Throws TypeError for what no operation may hold: fractions,
 * numbers beyond 2^53, half surrogates, functions. */
export function canonical(value, without = []) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw new TypeError(`${value} is no whole number`);
    return String(value);
  }
  if (typeof value === "string") {
    if (/\p{Surrogate}/u.test(value)) throw new TypeError("half of a surrogate pair");
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item)).join(",")}]`;
  const plain = Object.getPrototypeOf(value ?? 0) === Object.prototype;
  if (!plain) throw new TypeError(`${typeof value} has no canonical form`);
  const keys = Object.keys(value).sort().filter((key) => value[key] !== undefined && !without.includes(key));
  return `{${keys.map((key) => `${canonical(key)}:${canonical(value[key])}`).join(",")}}`;
}

export const utf8 = (text) => encoder.encode(text);

export const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** SHA-256 of bytes or text, in hex. */
export async function sha256(data) {
  return hex(await crypto.subtle.digest("SHA-256", typeof data === "string" ? utf8(data) : data));
}

export function base64url(bytes) {
  let text = "";
  for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte);
  return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

export function fromBase64url(text) {
  return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
}
