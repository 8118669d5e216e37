// The server draws the same codes on paper lists: vectors/qr.json is read here and by QrCodeTests.swift.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { qr } from "../../Static/field/core/qr.js";

const vectors = JSON.parse(readFileSync(new URL("vectors/qr.json", import.meta.url)));

test("qr: the modules are the server's", () => {
  for (const { text, size, rows } of vectors) {
    const code = qr(text);
    assert.equal(code.size, size);
    const row = (y) => Array.from({ length: size }, (_, x) => (code.get(x, y) ? "1" : "0")).join("");
    const drawn = Array.from({ length: size }, (_, y) => BigInt(`0b1${row(y)}`).toString(16));
    assert.equal(drawn.join(" "), rows);
  }
});
