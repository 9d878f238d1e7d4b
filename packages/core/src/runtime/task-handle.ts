import { EventLog } from "./event-log.ts";
import { orAbort } from "./or-abort.ts";

export interface Task<Event, Result> {
  /** The work. It runs at once, whether or not anybody listens. */
  readonly run: () => AsyncGenerator<Event, Result>;
  /**
   * Awaited before the work continues, so before the side effect that an event announces. If it throws, the work stops.
   */
  readonly onEvent?: ((event: Event) => unknown) | undefined;
  /** Whether an event matters only while it happens; it is not kept for those who listen later. */
  readonly isPassing: (event: Event) => boolean;
  /** Ends the work also where it waits for `onEvent`. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Work in progress. Await it for its result, or iterate it for its events; each listener gets all of them, however late
 * it starts. A failure that is neither awaited nor iterated is reported as an unhandled rejection, as with any promise.
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
  /** Rejected, and so reported unless somebody listens before the tick is over. */
  #unheard: Promise<never> | undefined;

  constructor(task: Task<Event, Result>) {
    this.#log = new EventLog(task.isPassing);
    this.#result = Promise.resolve()
      .then(() => this.#pump(task))
      .finally(() => this.#log.end());
    this.#reportUnheard();
  }

  // biome-ignore lint/suspicious/noThenProperty: a handle is made to be awaited.
  then<Value = Result, Failure = never>(
    onResult?: ((result: Result) => Value | PromiseLike<Value>) | null,
    onError?: ((error: unknown) => Failure | PromiseLike<Failure>) | null,
  ): Promise<Value | Failure> {
    this.#listen();
    return this.#result.then(onResult, onError);
  }

  catch<Failure = never>(
    onError?: ((error: unknown) => Failure | PromiseLike<Failure>) | null,
  ): Promise<Result | Failure> {
    return this.then(null, onError);
  }

  finally(onEnd?: (() => void) | null): Promise<Result> {
    this.#listen();
    return this.#result.finally(onEnd);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Event, void> {
    this.#listen();
    let isThrough = false;
    try {
      yield* this.#log;
      isThrough = true;
      await this.#result;
    } finally {
      // Whoever leaves early has not heard of a failure, also when it has come already.
      if (!isThrough) this.#leave();
    }
  }

  /** Sees each event before anybody else does. */
  protected note(_event: Event): void {}

  /** Called when `onEvent` is done with an event, just before the work goes on. */
  protected goOn(_event: Event): void {}

  #listen(): void {
    this.#listeners += 1;
    this.#unheard?.catch(() => undefined);
  }

  #leave(): void {
    this.#listeners -= 1;
    this.#reportUnheard();
  }

  #reportUnheard(): void {
    this.#result.catch((error) => {
      if (this.#listeners === 0) this.#unheard ??= Promise.reject(error);
    });
  }

  async #pump({ run, onEvent, signal }: Task<Event, Result>): Promise<Result> {
    signal?.throwIfAborted();
    const events = run();
    try {
      for (;;) {
        const next = await events.next();
        if (next.done) return next.value;
        this.note(next.value);
        await orAbort(onEvent?.(next.value), signal);
        this.#log.add(next.value);
        this.goOn(next.value);
      }
    } finally {
      // When `onEvent` throws, what is under way ends too.
      await events.return(undefined as never);
    }
  }
}
