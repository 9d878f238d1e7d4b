import type { WebhookEvent } from "../contract/index.ts";
import { Refusal } from "./webhook-refusal.ts";

/** How many events are kept while nobody is listening. */
const MAX_BACKLOG = 1000;

/**
 * Events for any number of loops, each of which gets every event. An event counts as taken when every loop has come
 * back for the next one, or has ended; while there is no loop, when it is kept for the one that comes.
 */
export class EventFeed implements AsyncIterable<WebhookEvent> {
  readonly #readers = new Set<FeedReader>();
  readonly #backlog: WebhookEvent[] = [];
  #isClosed = false;

  /** Resolves when the event has been handled. @throws Refusal if the feed is closed first */
  async hand(event: WebhookEvent): Promise<void> {
    if (this.#isClosed) throw closing();
    if (this.#readers.size === 0) return this.#keep(event);
    await Promise.all([...this.#readers].map((reader) => reader.add(event)));
  }

  /** Ends all loops. What they have not been given yet counts as not taken. */
  close(): void {
    this.#isClosed = true;
    for (const reader of this.#readers) reader.end((entry) => entry.taken.reject(closing()));
    this.#readers.clear();
  }

  [Symbol.asyncIterator](): AsyncIterator<WebhookEvent, undefined> {
    const reader = new FeedReader(this.#backlog.splice(0), () => this.#leave(reader));
    if (this.#isClosed) reader.end(() => undefined);
    else this.#readers.add(reader);
    return reader;
  }

  #leave(reader: FeedReader): void {
    this.#readers.delete(reader);
    reader.end(({ event, taken }) => {
      if (this.#readers.size === 0) this.#keep(event);
      taken.resolve();
    });
  }

  #keep(event: WebhookEvent): void {
    this.#backlog.push(event);
    if (this.#backlog.length > MAX_BACKLOG) this.#backlog.shift();
  }
}

interface Entry {
  readonly event: WebhookEvent;
  readonly taken: PromiseWithResolvers<void>;
}

/** One loop over the feed. */
class FeedReader implements AsyncIterator<WebhookEvent, undefined> {
  readonly #onLeave: () => void;
  /** Not given to the loop yet. */
  readonly #queue: Entry[];
  /** Being worked on. */
  #given: Entry | undefined;
  #waiting: ((result: IteratorResult<WebhookEvent, undefined>) => void)[] = [];
  #isOver = false;

  constructor(backlog: readonly WebhookEvent[], onLeave: () => void) {
    this.#queue = backlog.map(toEntry);
    this.#onLeave = onLeave;
  }

  add(event: WebhookEvent): Promise<void> {
    const entry = toEntry(event);
    this.#queue.push(entry);
    this.#give();
    return entry.taken.promise;
  }

  next(): Promise<IteratorResult<WebhookEvent, undefined>> {
    this.#given?.taken.resolve();
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#give();
    });
  }

  async return(): Promise<IteratorResult<WebhookEvent, undefined>> {
    this.#onLeave();
    return { done: true, value: undefined };
  }

  /** @param dispose decides about what the loop was not given */
  end(dispose: (entry: Entry) => void): void {
    this.#isOver = true;
    this.#given?.taken.resolve();
    for (const entry of this.#queue.splice(0)) dispose(entry);
    this.#give();
  }

  #give(): void {
    for (let resolve = this.#waiting[0]; resolve; resolve = this.#waiting[0]) {
      const entry = this.#queue.shift();
      if (!entry && !this.#isOver) return;
      this.#waiting.shift();
      this.#given?.taken.resolve();
      this.#given = entry;
      resolve(entry ? { done: false, value: entry.event } : { done: true, value: undefined });
    }
  }
}

function toEntry(event: WebhookEvent): Entry {
  const taken = Promise.withResolvers<void>();
  // Of a backlog nobody waits to hear.
  taken.promise.catch(() => undefined);
  return { event, taken };
}

function closing(): Refusal {
  return new Refusal(503, "closing", "The receiver is closing, and the event has not been handled.");
}
