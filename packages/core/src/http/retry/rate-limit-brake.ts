import type { Runtime } from "../../runtime/runtime.ts";

/** Pauses every request of a client while the server asks for it: one 429 stops them all, not one item. */
export class RateLimitBrake {
  readonly #runtime: Runtime;
  #releaseAtMs = 0;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  pause(waitMs: number): void {
    this.#releaseAtMs = Math.max(this.#releaseAtMs, this.#runtime.monotonicMs() + waitMs);
  }

  /** Resolves once the brake is off. */
  async wait(signal?: AbortSignal): Promise<void> {
    // Another request may pull the brake again meanwhile, hence the loop.
    for (let remainingMs = this.#remainingMs(); remainingMs > 0; remainingMs = this.#remainingMs()) {
      await this.#runtime.sleep(remainingMs, signal);
    }
  }

  #remainingMs(): number {
    return this.#releaseAtMs - this.#runtime.monotonicMs();
  }
}
