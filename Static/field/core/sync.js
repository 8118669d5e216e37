// The engine: one round sends what waits, then photos, then asks for news. One tab runs it at a time; any number may ask.
// A round that meets trouble leaves everything waiting and tries again later, with jitter.

import { Retry } from "./retry.js";
import { batches } from "./transport.js";

const REST = 900_000; // ms between rounds when nothing waits

export class Sync {
  constructor({ session, outbox, evidence, pull, transport, clock, locks, random, timers = globalThis, changed = () => {} }) {
    Object.assign(this, { session, outbox, evidence, pull, transport, clock, timers, changed });
    this.locks = locks ?? globalThis.navigator?.locks;
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

  /** Now, whatever the back-off says: on a tap, on connectivity, after a seal. Resolves after the round. */
  async tap() {
    this.retry.reset();
    return this.run();
  }

  /** One round; a second call while one runs asks for one more after it. */
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

  /** Every operation that waits goes once; what comes back parked waits for the next round and holds up nobody. */
  async #send(person) {
    const queue = [...batches(await this.outbox.waiting())];
    while (queue.length > 0) {
      const batch = queue.shift();
      await this.session.load(); // another tab may have signed out
      const { token, current } = this.session;
      // Signed out meanwhile, perhaps for another person: what is left stays where it is.
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
