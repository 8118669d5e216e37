// Makes a photo ready to be promised: metadata cut out, then hashed. A sheet of figures keeps its picture byte for
// byte; a hall or a poster site is shrunk on a canvas, which writes no metadata.

import { sha256 } from "./canonical.js";

const ORIGINAL = new Set(["tally", "slips", "counter"]);
const MOST = 15 * 1024 * 1024;

/** reason: type (neither JPEG nor PNG), size, decode. */
export class PhotoRefused extends Error {
  constructor(reason) {
    super(`photo refused: ${reason}`);
    this.name = "PhotoRefused";
    this.reason = reason;
  }
}

export async function prepare(file, { role, longest = 1600, quality = 0.8 } = {}) {
  if (file.size > MOST) throw new PhotoRefused("size");
  const bytes = ORIGINAL.has(role) ? await file.arrayBuffer() : await shrunk(file, longest, quality);
  const { clean, type } = stripped(new Uint8Array(bytes));
  const blob = new Blob([clean], { type });
  return { sha256: await sha256(clean), role, bytes: clean.length, blob, type };
}

/** Without metadata, and its media type by content. Throws PhotoRefused. */
export function stripped(bytes) {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return { clean: strippedJpeg(bytes), type: "image/jpeg" };
  if (PNG.every((byte, at) => bytes[at] === byte)) return { clean: strippedPng(bytes), type: "image/png" };
  throw new PhotoRefused("type");
}

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Keeps the picture and what it needs to look right (JFIF, colour profile, Adobe's transform, orientation); drops
 * EXIF, XMP, IPTC, comments, previews, and what follows the end. */
function strippedJpeg(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const parts = [bytes.subarray(0, 2)];
  let turned = 1;
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) throw new PhotoRefused("decode");
    const marker = bytes[at + 1];
    if (marker === 0xff) {
      at += 1; // a fill byte
      continue;
    }
    if (marker === 0xd9) break;
    const end = at + 2 + view.getUint16(at + 2);
    if (end > bytes.length) throw new PhotoRefused("decode");
    const segment = bytes.subarray(at, end);
    if (marker === 0xe1) turned = orientation(segment) ?? turned;
    const metadata = (marker >= 0xe1 && marker <= 0xef) || marker === 0xfe;
    if (!metadata || marker === 0xee || (marker === 0xe2 && named(segment, "ICC_PROFILE\0"))) parts.push(segment);
    at = end;
    if (marker === 0xda) {
      at = endOfScan(bytes, end);
      parts.push(bytes.subarray(end, at));
    }
  }
  if (at + 2 > bytes.length || bytes[at + 1] !== 0xd9) throw new PhotoRefused("decode");
  parts.push(bytes.subarray(at, at + 2));
  if (turned > 1) parts.splice(1, 0, upright(turned));
  return joined(parts);
}

/** The next marker after entropy-coded data: 0xFF that is neither stuffed nor a restart. */
function endOfScan(bytes, from) {
  for (let at = from; at + 1 < bytes.length; at += 1) {
    const next = bytes[at + 1];
    if (bytes[at] === 0xff && next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  throw new PhotoRefused("decode");
}

const named = (segment, name) => [...name].every((char, at) => segment[4 + at] === char.charCodeAt(0));

/** Tag 0x0112 of the first directory of EXIF, or nothing. */
function orientation(segment) {
  if (!named(segment, "Exif\0\0")) return null;
  const tiff = new DataView(segment.buffer, segment.byteOffset + 10, segment.length - 10);
  try {
    const little = tiff.getUint16(0) === 0x4949;
    const directory = tiff.getUint32(4, little);
    for (let entry = 0; entry < tiff.getUint16(directory, little); entry += 1) {
      const place = directory + 2 + entry * 12;
      const turned = tiff.getUint16(place + 8, little);
      if (tiff.getUint16(place, little) === 0x0112) return turned >= 1 && turned <= 8 ? turned : null;
    }
  } catch {
    // A broken directory says nothing.
  }
  return null;
}

/** An EXIF segment that holds the orientation and nothing else. */
function upright(turned) {
  const exif = [0x45, 0x78, 0x69, 0x66, 0, 0, 0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8];
  const tag = [0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, turned, 0, 0, 0, 0, 0, 0];
  return Uint8Array.from([0xff, 0xe1, 0, 2 + exif.length + tag.length, ...exif, ...tag]);
}

const KEPT = new Set(["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "pHYs", "bKGD"]);

function strippedPng(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const parts = [bytes.subarray(0, 8)];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 12 + view.getUint32(at);
    if (end > bytes.length) break;
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (KEPT.has(name)) parts.push(bytes.subarray(at, end));
    if (name === "IEND") return joined(parts);
    at = end;
  }
  throw new PhotoRefused("decode");
}

function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

async function shrunk(file, longest, quality) {
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    throw new PhotoRefused("decode");
  }
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
  if (!blob) throw new PhotoRefused("decode");
  return blob.arrayBuffer();
}
