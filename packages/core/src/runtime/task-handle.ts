import { EventLog } from "./event-log.ts";

export interface Task<Event, Result> {
  /** The work. It runs at once, whether or not anybody listens. */
  readonly run: () => AsyncGenerator<Event, Result>;
  /** Awaited before the work goes on, so before the side effect that an event announces. Throwing ends the work. */
  readonly onEvent?: ((event: Event) => unknown) | undefined;
  /** Whether an event matters only while it happens; it is not kept for those who listen later. */
  readonly isPassing: (event: Event) => boolean;
}

/**
 * Work that is under way. Await it for its result, or iterate it for its events; each listener gets all of them, however
 * late it comes. A failure that is neither awaited nor iterated is reported as an unhandled rejection, as that of any
 * promise is.
 *
 * @example
 * for await (const event of handle) console.log(event.type);
 * const result = await handle;
 */
export class TaskHandle<Event, Result> implements Promise<Result>, AsyncIterable<Event> {
  readonly [Symbol.toStringTag]: string = "TaskHandle";
  readonly #log: EventLog<Event>;
  readonly #result: Promise<Result>;
  /** Of those who will hear of a failure. */
  #listeners = 0;

  constructor({ run, onEvent, isPassing }: Task<Event, Result>) {
    this.#log = new EventLog(isPassing);
    this.#result = Promise.resolve()
      .then(() => this.#pump(run(), onEvent))
      .finally(() => this.#log.end());
    this.#result.catch((error) => {
      if (this.#listeners === 0) void Promise.reject(error);
    });
  }

  // biome-ignore lint/suspicious/noThenProperty: a handle is made to be awaited.
  then<Value = Result, Failure = never>(
    onResult?: ((result: Result) => Value | PromiseLike<Value>) | null,
    onError?: ((error: unknown) => Failure | PromiseLike<Failure>) | null,
  ): Promise<Value | Failure> {
    this.#listeners += 1;
    return this.#result.then(onResult, onError);
  }

  catch<Failure = never>(
    onError?: ((error: unknown) => Failure | PromiseLike<Failure>) | null,
  ): Promise<Result | Failure> {
    return this.then(null, onError);
  }

  finally(onEnd?: (() => void) | null): Promise<Result> {
    this.#listeners += 1;
    return this.#result.finally(onEnd);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Event, void> {
    this.#listeners += 1;
    let isThrough = false;
    try {
      yield* this.#log;
      isThrough = true;
      await this.#result;
    } finally {
      // Whoever stops listening hears of no failure that is still to come.
      if (!isThrough) this.#listeners -= 1;
    }
  }

  /** Sees each event before anybody else does. */
  protected note(_event: Event): void {}

  async #pump(
    events: AsyncGenerator<Event, Result>,
    onEvent: Task<Event, Result>["onEvent"],
  ): Promise<Result> {
    for (;;) {
      const next = await events.next();
      if (next.done) return next.value;
      this.note(next.value);
      await onEvent?.(next.value);
      this.#log.add(next.value);
    }
  }
}
