/**
 * Replays events for any number of readers: each gets everything from the beginning, however late it starts. Transient
 * events (progress) only reach those who are reading at the time, so that a long job does not fill the memory.
 *
 * @internal
 */
export class EventLog<T> implements AsyncIterable<T> {
  readonly #isPassing: (event: T) => boolean;
  readonly #lasting: T[] = [];
  readonly #readers = new Set<{ readonly queue: T[]; notify: () => void }>();
  #hasEnded = false;

  constructor(isPassing: (event: T) => boolean) {
    this.#isPassing = isPassing;
  }

  add(event: T): void {
    if (!this.#isPassing(event)) this.#lasting.push(event);
    for (const reader of this.#readers) {
      reader.queue.push(event);
      reader.notify();
    }
  }

  end(): void {
    this.#hasEnded = true;
    for (const { notify } of this.#readers) notify();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    const reader = { queue: [...this.#lasting], notify: () => {} };
    this.#readers.add(reader);
    try {
      for (;;) {
        const batch = reader.queue.splice(0);
        yield* batch;
        if (reader.queue.length > 0) continue;
        if (this.#hasEnded) return;
        await new Promise<void>((resolve) => {
          reader.notify = resolve;
        });
      }
    } finally {
      this.#readers.delete(reader);
    }
  }
}
