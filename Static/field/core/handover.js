// The queue by other ways: a file, or pictures from screen to screen. Nobody on the way can alter what is sealed, and
// a double arrival counts once; so what was handed over keeps waiting here as well.

import { base64url, canonical, fromBase64url, sha256 } from "./canonical.js";

const HEAD = { format: "jarshy-queue", version: 1 };
const MOST = 20_000; // operations in one file

/** JSON lines: the head, then each waiting operation as it was sealed. */
export async function queueText(outbox) {
  const rows = await outbox.waiting();
  return [canonical(HEAD), ...rows.map(({ text }) => text), ""].join("\n");
}

export async function exportQueue(outbox) {
  return new Blob([await queueText(outbox)], { type: "application/x-ndjson" });
}

/** Takes the operations of a file to carry them. -> {taken, known, refused: lines that are none}. Throws TypeError
 * when it is no queue at all. Signatures are the server's to judge. */
export async function importQueue(text, outbox) {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const head = parsed(lines.shift());
  if (head?.format !== HEAD.format || head.version !== HEAD.version || lines.length > MOST) {
    throw new TypeError("this is no queue of Jarshy");
  }
  const sealed = lines.map(parsed).filter(isSealed).map((operation) => ({ operation, text: canonical(operation) }));
  const { taken, known } = await outbox.carry(sealed);
  return { taken, known, refused: lines.length - sealed.length };
}

function parsed(line) {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function isSealed(operation) {
  if (operation === null || typeof operation !== "object") return false;
  const { op, author, key, kind, n, sig } = operation;
  if (![op, author, key].every((id) => typeof id === "string" && UUID.test(id))) return false;
  if (typeof kind !== "string" || !Number.isSafeInteger(n) || typeof sig !== "string") return false;
  try {
    return Boolean(canonical(operation));
  } catch {
    return false; // a fraction: never written by us
  }
}

// Pictures: `JQ1:<number from 1>:<of>:<16 hex of the SHA-256 of the text>:<part of the deflated text as base64url>`

const PART = 380; // characters: version 15, which a cheap camera reads from a cheap screen

export async function frames(text) {
  const packed = base64url(await piped(new TextEncoder().encode(text), new CompressionStream("deflate-raw")));
  const sum = (await sha256(text)).slice(0, 16);
  const of = Math.max(1, Math.ceil(packed.length / PART));
  const part = (at) => packed.slice(at * PART, (at + 1) * PART);
  return Array.from({ length: of }, (_, at) => `JQ1:${at + 1}:${of}:${sum}:${part(at)}`);
}

const FRAME = /^JQ1:([1-9]\d{0,3}):([1-9]\d{0,3}):([0-9a-f]{16}):([\w-]{0,400})$/;

/** Gathers frames in any order, any number of times. A frame of another queue begins anew. */
export class Frames {
  /** -> {have, total, missing: [numbers]}, or null when it is no frame of ours. */
  add(string) {
    const [, number, of, sum, part] = FRAME.exec(string) ?? [];
    if (!number || Number(number) > Number(of)) return null;
    const total = Number(of);
    if (this.sum !== sum || this.total !== total) Object.assign(this, { sum, total, parts: new Map() });
    this.parts.set(Number(number), part);
    const numbers = Array.from({ length: this.total }, (_, at) => at + 1);
    const missing = numbers.filter((one) => !this.parts.has(one));
    return { have: this.parts.size, total: this.total, missing };
  }

  /** The text once every frame is here and the checksum agrees, else null. */
  async text() {
    if (!this.parts || this.parts.size < this.total) return null;
    const packed = Array.from({ length: this.total }, (_, at) => this.parts.get(at + 1)).join("");
    try {
      const bytes = await piped(fromBase64url(packed), new DecompressionStream("deflate-raw"));
      const text = new TextDecoder().decode(bytes);
      return (await sha256(text)).startsWith(this.sum) ? text : null;
    } catch {
      return null;
    }
  }
}

async function piped(bytes, through) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(through)).arrayBuffer());
}
