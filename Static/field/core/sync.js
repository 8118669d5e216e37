// A round sends what waits, then photos, then asks for news, in one tab at a time. Trouble leaves all of it waiting.

import { Retry } from "./retry.js";
import { batches } from "./transport.js";

const REST = 900_000; // ms between rounds when nothing waits

export class Sync {
  constructor({ locks = globalThis.navigator?.locks, random, timers = globalThis, ...parts }) {
    Object.assign(this, { changed: () => {}, ...parts, locks, timers });
    this.retry = new Retry(random);
    this.status = { running: false, online: true, waits: 0, last: null, next: null, trouble: null };
    this.round = null;
    this.compared = null;
  }

  start(page = globalThis) {
    const wake = () => void this.tap();
    page.addEventListener?.("online", wake);
    page.addEventListener?.("offline", () => this.#tell({ online: false }));
    page.document?.addEventListener("visibilitychange", () => page.document.visibilityState === "visible" && wake());
    this.started = true;
    wake();
  }

  stop() {
    this.started = false;
    this.timers.clearTimeout(this.timer);
  }

  /** Now, whatever the back-off says. Resolves after the round. */
  async tap() {
    this.retry.reset();
    return this.run();
  }

  /** A call while a round runs asks for one more after it. */
  async run() {
    if (this.round) {
      this.again = true;
      return this.round;
    }
    this.round = this.#rounds().finally(() => {
      this.round = null;
    });
    return this.round;
  }

  async #rounds() {
    this.timers.clearTimeout(this.timer);
    do {
      this.again = false;
      await this.#locked(() => this.#one());
    } while (this.again && !this.status.trouble);
    return this.status;
  }

  async #locked(work) {
    if (!this.locks) return work();
    return this.locks.request("jarshy-field-sync", { ifAvailable: true }, async (lock) => {
      if (lock) return work();
      // Another tab is at it.
      this.#schedule(this.retry.next());
    });
  }

  async #one() {
    const { person, token } = this.session;
    if (!person) return this.#tell({ waits: 0, trouble: null, next: null });
    this.#tell({ running: true, online: globalThis.navigator?.onLine !== false });
    let trouble = null;
    try {
      trouble = token ? await this.#work(person) : { reason: "sign-in" };
    } catch (fault) {
      trouble = { reason: "storage", detail: String(fault?.message ?? fault) };
    }
    const waits = (await this.outbox.waiting().catch(() => [])).length;
    const { after = 0, ...shown } = trouble ?? {};
    this.#tell({ running: false, waits, trouble: trouble && shown });
    if (!trouble && waits === 0) this.retry.reset();
    this.#schedule(trouble || waits > 0 ? this.retry.next(after) : REST);
  }

  async #work(person) {
    const stopped = await this.#send(person);
    if (stopped) return stopped;
    if (this.compared !== person) {
      await this.session.compareWithServer();
      this.compared = person;
    }
    const photos = await this.evidence.send();
    if (photos) return photos;
    const news = await this.pull.refresh();
    if (!news) this.#tell({ last: this.clock.now() });
    return news;
  }

  /** What waits goes once; what comes back parked waits for the next round and holds up nobody. */
  async #send(person) {
    const queue = [...batches(await this.outbox.waiting())];
    while (queue.length > 0) {
      const batch = queue.shift();
      await this.session.load(); // another tab may have signed out
      const { token, current } = this.session;
      if (this.session.person !== person || !token) return { reason: "sign-in" };
      await this.outbox.sending(batch);
      const { outcomes, split, needs, trouble } = await this.transport.sync(token, current.device, batch);
      if (outcomes) {
        await this.outbox.settle(batch, outcomes);
        this.retry.reset();
        this.#tell({ last: this.clock.now() });
      } else if (split) {
        await this.outbox.unanswered(batch);
        queue.unshift(...batches(batch, Math.ceil(batch.length / 2)));
      } else if (needs) {
        await this.outbox.unreadable(batch[0], needs);
      } else {
        await this.outbox.unanswered(batch);
        return trouble;
      }
    }
    return null;
  }

  #schedule(wait) {
    this.timers.clearTimeout(this.timer);
    if (!this.started) return;
    this.timer = this.timers.setTimeout(() => void this.run(), wait);
    this.#tell({ next: this.clock.now() + wait });
  }

  #tell(facts) {
    this.status = { ...this.status, ...facts };
    this.changed("sync");
  }
}
