import { processTreeMemoryBytes } from "./process-group.ts";

const MEMORY_POLL_MS = 500;

export type LimitName = "stepMs" | "jobMs" | "memoryBytes";

export interface LimitWatchOptions {
  readonly processGroupId: number;
  /** Longest time between two calls of `step()`, in milliseconds. */
  readonly stepMs: number;
  readonly jobMs: number;
  readonly memoryBytes: number;
  /** Called once, with the limit that was exceeded. */
  readonly onPassed: (limit: LimitName) => void;
}

/** Watches the time and memory of a process and what it starts until it is disposed of. */
export class LimitWatch implements Disposable {
  readonly #options: LimitWatchOptions;
  readonly #jobTimer: NodeJS.Timeout;
  readonly #memoryTimer: NodeJS.Timeout;
  #stepTimer: NodeJS.Timeout;

  constructor(options: LimitWatchOptions) {
    this.#options = options;
    this.#jobTimer = this.#after(options.jobMs, "jobMs");
    this.#stepTimer = this.#after(options.stepMs, "stepMs");
    this.#memoryTimer = setInterval(() => void this.#checkMemory(), MEMORY_POLL_MS);
  }

  /** A step is done: the time limit starts again. */
  step(): void {
    clearTimeout(this.#stepTimer);
    this.#stepTimer = this.#after(this.#options.stepMs, "stepMs");
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#jobTimer);
    clearTimeout(this.#stepTimer);
    clearInterval(this.#memoryTimer);
  }

  #after(delayMs: number, limit: LimitName): NodeJS.Timeout {
    return setTimeout(() => this.#pass(limit), Math.min(delayMs, 2 ** 31 - 1));
  }

  async #checkMemory(): Promise<void> {
    const used = await processTreeMemoryBytes(this.#options.processGroupId);
    if (used !== undefined && used > this.#options.memoryBytes) this.#pass("memoryBytes");
  }

  #pass(limit: LimitName): void {
    this[Symbol.dispose]();
    this.#options.onPassed(limit);
  }
}
