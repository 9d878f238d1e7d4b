import type { Runtime } from "../../runtime/runtime.ts";

/**
 * Pauses all requests of a client for as long as the server asks: a 429 stops them all, not just one.
 *
 * @internal
 */
export class RateLimitBrake {
  readonly #runtime: Runtime;
  #releaseAtMs = 0;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  pause(waitMs: number): void {
    this.#releaseAtMs = Math.max(this.#releaseAtMs, this.#runtime.monotonicMs() + waitMs);
  }

  /** Resolves when the brake is released. */
  async wait(signal?: AbortSignal): Promise<void> {
    // A loop, since another request may pull the brake again in the meantime.
    for (let remainingMs = this.#remainingMs(); remainingMs > 0; remainingMs = this.#remainingMs()) {
      await this.#runtime.sleep(remainingMs, signal);
    }
  }

  #remainingMs(): number {
    return this.#releaseAtMs - this.#runtime.monotonicMs();
  }
}
