// QR codes (ISO/IEC 18004): bytes, level M, versions 1 to 20. Enough for an address or a frame of a queue.

import { utf8 } from "./canonical.js";

// By version from 1: check codewords of a block, and blocks.
const CHECKS = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26];
const BLOCKS = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16];

/** GF(256) with x^8 + x^4 + x^3 + x^2 + 1. */
const POWERS = new Uint8Array(255);
const LOGS = new Uint8Array(256);
for (let at = 0, value = 1; at < 255; at += 1) {
  POWERS[at] = value;
  LOGS[value] = at;
  value = (value << 1) ^ (value & 0x80 ? 0x11d : 0);
}
const times = (one, other) => (one && other ? POWERS[(LOGS[one] + LOGS[other]) % 255] : 0);

/** -> {size, get(x, y)}: true is dark. Throws RangeError above 666 bytes. */
export function qr(text) {
  const bytes = utf8(text);
  const version = CHECKS.findIndex((_, at) => bytes.length <= capacity(at + 1)) + 1;
  if (version === 0) throw new RangeError(`${bytes.length} bytes are too many for one QR code`);
  const size = 17 + 4 * version;
  const grid = new Grid(size);
  drawFunctions(grid, version);
  drawData(grid, interleaved(codewords(bytes, version), version));
  let best = null;
  for (let mask = 0; mask < 8; mask += 1) {
    const tried = masked(grid, mask);
    const penalty = ugliness(tried);
    if (!best || penalty < best.penalty) best = { penalty, grid: tried };
  }
  return { size, get: (x, y) => best.grid.dark[y * size + x] === 1 };
}

/** A path for an SVG of `size` units, the quiet zone of 4 included. */
export function qrPath(text) {
  const code = qr(text);
  let d = "";
  for (let y = 0; y < code.size; y += 1) {
    for (let x = 0; x < code.size; x += 1) if (code.get(x, y)) d += `M${x + 4} ${y + 4}h1v1h-1z`;
  }
  return { size: code.size + 8, d };
}

class Grid {
  constructor(size, dark = new Uint8Array(size * size), fixed = new Uint8Array(size * size)) {
    Object.assign(this, { size, dark, fixed });
  }

  /** Never masked. */
  fix(x, y, dark) {
    if (x < 0 || y < 0 || x >= this.size || y >= this.size) return;
    this.dark[y * this.size + x] = dark ? 1 : 0;
    this.fixed[y * this.size + x] = 1;
  }
}

function rawBytes(version) {
  let modules = (16 * version + 128) * version + 64;
  if (version > 1) {
    const marks = Math.floor(version / 7) + 2;
    modules -= (25 * marks - 10) * marks - 55 + (version > 6 ? 36 : 0);
  }
  return Math.floor(modules / 8);
}

const dataBytes = (version) => rawBytes(version) - CHECKS[version - 1] * BLOCKS[version - 1];
const capacity = (version) => dataBytes(version) - (version < 10 ? 2 : 3);

function codewords(bytes, version) {
  const bits = [];
  const push = (value, count) => {
    for (let at = count - 1; at >= 0; at -= 1) bits.push((value >> at) & 1);
  };
  push(4, 4);
  push(bytes.length, version < 10 ? 8 : 16);
  for (const byte of bytes) push(byte, 8);
  push(0, 4);
  const words = [];
  for (let at = 0; at < bits.length; at += 8) words.push(parseInt(bits.slice(at, at + 8).join(""), 2));
  const all = dataBytes(version);
  for (let pad = 0xec; words.length < all; pad ^= 0xec ^ 0x11) words.push(pad);
  return words;
}

/** Blocks and checks dealt out column by column; the later blocks may be one longer. */
function interleaved(words, version) {
  const [count, checks] = [BLOCKS[version - 1], CHECKS[version - 1]];
  const short = Math.floor(words.length / count);
  const longer = words.length % count;
  const blocks = [];
  for (let block = 0, at = 0; block < count; block += 1) {
    const length = short + (block >= count - longer ? 1 : 0);
    blocks.push(words.slice(at, at + length));
    at += length;
  }
  const generator = generatorOf(checks);
  const corrections = blocks.map((block) => remainder(block, generator));
  const result = [];
  for (let at = 0; at <= short; at += 1) for (const block of blocks) if (at < block.length) result.push(block[at]);
  for (let at = 0; at < checks; at += 1) for (const block of corrections) result.push(block[at]);
  return result;
}

/** The product of (x − 2^i), without its leading 1. */
function generatorOf(degree) {
  const result = [...new Array(degree - 1).fill(0), 1];
  for (let step = 0; step < degree; step += 1) {
    for (let at = 0; at < degree; at += 1) {
      result[at] = times(result[at], POWERS[step]) ^ (at + 1 < degree ? result[at + 1] : 0);
    }
  }
  return result;
}

function remainder(words, generator) {
  const rest = generator.map(() => 0);
  for (const word of words) {
    const factor = word ^ rest.shift();
    rest.push(0);
    generator.forEach((coefficient, at) => {
      rest[at] ^= times(coefficient, factor);
    });
  }
  return rest;
}

function drawFunctions(grid, version) {
  const { size } = grid;
  for (let at = 0; at < size; at += 1) {
    grid.fix(6, at, at % 2 === 0);
    grid.fix(at, 6, at % 2 === 0);
  }
  const corners = [[3, 3], [size - 4, 3], [3, size - 4]];
  for (const [x, y] of corners) square(grid, x, y, 4, (ring) => ring !== 2 && ring !== 4);
  const marks = version > 1 ? Math.floor(version / 7) + 2 : 0;
  const step = Math.ceil((size - 13) / (marks * 2 - 2)) * 2;
  const places = Array.from({ length: marks }, (_, at) => (at === 0 ? 6 : size - 7 - (marks - 1 - at) * step));
  for (const x of places) {
    for (const y of places) {
      const corner = (x === 6 && y === 6) || (x === 6 && y === size - 7) || (x === size - 7 && y === 6);
      if (!corner) square(grid, x, y, 2, (ring) => ring !== 1);
    }
  }
  drawFormat(grid, 0);
  if (version < 7) return;
  const bits = (version << 12) | checked(version, 12, 0x1f25);
  for (let at = 0; at < 18; at += 1) {
    const [long, small] = [size - 11 + (at % 3), Math.floor(at / 3)];
    grid.fix(long, small, (bits >> at) & 1);
    grid.fix(small, long, (bits >> at) & 1);
  }
}

function square(grid, x, y, reach, dark) {
  for (let dy = -reach; dy <= reach; dy += 1) {
    for (let dx = -reach; dx <= reach; dx += 1) {
      grid.fix(x + dx, y + dy, dark(Math.max(Math.abs(dx), Math.abs(dy))));
    }
  }
}

/** The BCH check of `value`. */
function checked(value, shift, polynomial) {
  let rest = value;
  for (let at = 0; at < shift; at += 1) rest = (rest << 1) ^ ((rest >> (shift - 1)) & 1 ? polynomial : 0);
  return rest & ((1 << shift) - 1);
}

function drawFormat(grid, mask) {
  const { size } = grid;
  const bits = ((mask << 10) | checked(mask, 10, 0x537)) ^ 0x5412;
  for (let at = 0; at < 15; at += 1) {
    const dark = (bits >> at) & 1;
    grid.fix(8, at < 6 ? at : at < 8 ? at + 1 : size - 15 + at, dark);
    grid.fix(at < 8 ? size - 1 - at : at === 8 ? 7 : 14 - at, 8, dark);
  }
  grid.fix(8, size - 8, 1);
}

/** Up and down in pairs of columns from the right. */
function drawData(grid, words) {
  const { size } = grid;
  let bit = 0;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step += 1) {
      const y = ((right + 1) & 2) === 0 ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (grid.fixed[y * size + x] || bit >= words.length * 8) continue;
        grid.dark[y * size + x] = (words[bit >> 3] >> (7 - (bit & 7))) & 1;
        bit += 1;
      }
    }
  }
}

const MASKS = [
  (x, y) => (x + y) % 2,
  (x, y) => y % 2,
  (x) => x % 3,
  (x, y) => (x + y) % 3,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2,
  (x, y) => ((x * y) % 2) + ((x * y) % 3),
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2,
];

function masked(grid, mask) {
  const { size, fixed } = grid;
  const dark = grid.dark.map((value, at) =>
    fixed[at] || MASKS[mask](at % size, Math.floor(at / size)) !== 0 ? value : value ^ 1,
  );
  const result = new Grid(size, dark, fixed.slice());
  drawFormat(result, mask);
  return result;
}

/** Penalties for long runs and for what looks like a finder. */
function ugliness({ size, dark }) {
  let penalty = 0;
  for (let line = 0; line < size; line += 1) {
    const row = dark.subarray(line * size, (line + 1) * size).join("");
    const column = dark.filter((_, at) => at % size === line).join("");
    for (const text of [row, column]) {
      for (const [run] of text.matchAll(/0{5,}|1{5,}/g)) penalty += run.length - 2;
      penalty += 40 * [...text.matchAll(/(?=10111010000|00001011101)/g)].length;
    }
  }
  return penalty;
}
