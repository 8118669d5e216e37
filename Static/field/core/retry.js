// When to try again: a jittered doubling from 2 s to 15 min, anew after a tap, connectivity or a real answer.

const LEAST = 2_000;
const MOST = 900_000;

export class Retry {
  constructor(random = Math.random) {
    this.random = random;
    this.failures = 0;
  }

  /** ms to wait now; `atLeast` is what the server asked for. Half of it is chance, so phones spread out. */
  next(atLeast = 0) {
    const step = Math.min(MOST, LEAST * 2 ** Math.min(this.failures, 20));
    this.failures += 1;
    return Math.min(MOST, Math.max(LEAST, atLeast, step / 2 + (this.random() * step) / 2));
  }

  reset() {
    this.failures = 0;
  }
}
