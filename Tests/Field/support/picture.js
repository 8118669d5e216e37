// Pictures for tests: QR codes as PGM files read by zbarimg, and JPEGs put together from segments.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What zbarimg (Debian's zbar-tools) reads from a QR code drawn with `scale` pixels a module. */
export function readByZbar({ size, get }, scale = 4) {
  const width = (size + 8) * scale;
  const pixels = Buffer.alloc(width * width, 255);
  for (let at = 0; at < pixels.length; at += 1) {
    const x = Math.floor((at % width) / scale) - 4;
    const y = Math.floor(at / width / scale) - 4;
    if (x >= 0 && y >= 0 && x < size && y < size && get(x, y)) pixels[at] = 0;
  }
  const folder = mkdtempSync(join(tmpdir(), "jarshy-qr-"));
  try {
    const file = join(folder, "code.pgm");
    writeFileSync(file, Buffer.concat([Buffer.from(`P5 ${width} ${width} 255\n`), pixels]));
    const options = ["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", file];
    return execFileSync("zbarimg", options, { stdio: ["ignore", "pipe", "ignore"] }).toString().replace(/\n$/, "");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const segment = (marker, content) => {
  const bytes = typeof content === "string" ? Buffer.from(content, "latin1") : Buffer.from(content);
  return Buffer.concat([Buffer.from([0xff, marker, (bytes.length + 2) >> 8, (bytes.length + 2) & 255]), bytes]);
};

/** EXIF with an orientation and a place: latitude in the GPS directory. */
export function exif(turned) {
  const tiff = Buffer.alloc(80);
  tiff.write("II*\0", 0, "latin1");
  tiff.writeUInt32LE(8, 4);
  tiff.writeUInt16LE(2, 8);
  const entry = (at, tag, type, count, value) => {
    tiff.writeUInt16LE(tag, at);
    tiff.writeUInt16LE(type, at + 2);
    tiff.writeUInt32LE(count, at + 4);
    tiff.writeUInt32LE(value, at + 8);
  };
  entry(10, 0x0112, 3, 1, turned);
  entry(22, 0x8825, 4, 1, 40);
  tiff.writeUInt16LE(1, 40);
  entry(42, 0x0002, 5, 3, 56);
  return segment(0xe1, Buffer.concat([Buffer.from("Exif\0\0", "latin1"), tiff]));
}
