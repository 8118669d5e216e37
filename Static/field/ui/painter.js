// When a screen is drawn: one drawing after another, the newest wish last, and nothing moves under a finger.

/** draw() -> picture; show(picture, quietly) puts it into the page. */
export class Painter {
  constructor(draw, show) {
    Object.assign(this, { draw, show, wish: null, round: null });
    this.finger = new Finger();
  }

  /** `quietly`: the same screen with newer facts. Resolves when what was asked for stands in the page. */
  paint(quietly = false) {
    if (!quietly || !this.wish) this.wish = quietly ? "quietly" : "anew";
    this.round ??= this.#rounds().finally(() => {
      this.round = null;
    });
    return this.round;
  }

  async #rounds() {
    let anew = false;
    while (this.wish) {
      anew ||= this.wish === "anew";
      this.wish = null;
      const picture = await this.draw();
      await this.finger.lifted();
      // Somebody went on to another screen meanwhile.
      if (this.wish === "anew") continue;
      this.show(picture, !anew);
      anew = false;
    }
  }
}

/** A tap is a finger down and up on one element: were it replaced in between, the tap would be lost. */
class Finger {
  constructor() {
    const up = () => {
      // The click comes right after.
      setTimeout(() => {
        this.wake?.();
        this.wake = null;
        this.up = null;
      });
    };
    addEventListener("pointerdown", () => {
      this.up ??= new Promise((wake) => (this.wake = wake));
    }, true);
    for (const end of ["pointerup", "pointercancel"]) addEventListener(end, up, true);
  }

  lifted() {
    return this.up;
  }
}
