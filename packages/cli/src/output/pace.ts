/** Older samples say little about the present. */
const WINDOW_MS = 20_000;

/** How fast something goes, over the last seconds. */
export class Pace {
  readonly #startedMs: number;
  #samples: { readonly atMs: number; readonly done: number }[];

  constructor(nowMs: number) {
    this.#startedMs = nowMs;
    this.#samples = [{ atMs: nowMs, done: 0 }];
  }

  add(done: number, nowMs: number): void {
    const isRestart = done < (this.#samples.at(-1)?.done ?? 0);
    const recent = isRestart
      ? []
      : this.#samples.filter(
          ({ atMs }, index) => index === this.#samples.length - 1 || nowMs - atMs < WINDOW_MS,
        );
    this.#samples = [...recent, { atMs: nowMs, done }];
  }

  /** Undefined until there is something to go by. */
  perSecond(nowMs: number): number | undefined {
    const [first] = this.#samples;
    const last = this.#samples.at(-1);
    if (!first || !last || last.done <= first.done || nowMs <= first.atMs) return undefined;
    return ((last.done - first.done) * 1000) / (nowMs - first.atMs);
  }

  restMs(done: number, total: number, nowMs: number): number | undefined {
    const perSecond = this.perSecond(nowMs);
    return perSecond === undefined ? undefined : ((total - done) * 1000) / perSecond;
  }

  elapsedMs(nowMs: number): number {
    return nowMs - this.#startedMs;
  }
}
