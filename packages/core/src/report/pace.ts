/** Older samples say little about the current speed. */
const WINDOW_MS = 20_000;

interface Sample {
  readonly atMs: number;
  readonly done: number;
}

/** A rate over a shorter time is noise, if many units complete at once. */
const MIN_SPAN_MS = 1000;

/** Measures speed over the last seconds. */
export class Pace {
  readonly #startedMs: number;
  readonly #settleMs: number;
  #settledMs: number;
  #first: Sample;
  #recent: Sample[] = [];

  /** @param settleMs how long to ignore progress at the start: the first bytes of an upload only fill buffers */
  constructor(nowMs: number, { settleMs = 0 }: { readonly settleMs?: number | undefined } = {}) {
    this.#startedMs = nowMs;
    this.#settleMs = settleMs;
    this.#settledMs = nowMs + settleMs;
    this.#first = { atMs: nowMs, done: 0 };
  }

  /** A smaller value than before means a restart. */
  add(done: number, nowMs: number): void {
    const last = this.#recent.at(-1) ?? this.#first;
    if (done < last.done) this.#settledMs = nowMs + this.#settleMs;
    if (done < last.done || nowMs < this.#settledMs) {
      this.#first = { atMs: nowMs, done };
      this.#recent = [];
    }
    if (done <= last.done || nowMs < this.#settledMs) return;
    this.#recent.push({ atMs: nowMs, done });
    while (this.#recent.length > 1 && nowMs - this.#first.atMs > WINDOW_MS) {
      this.#first = this.#recent.shift() as Sample;
    }
  }

  /** Undefined until there is enough data. Only drops if the next unit takes longer than the previous ones did. */
  perSecond(nowMs: number): number | undefined {
    const measured = this.#measure(nowMs);
    return measured && 1000 / (measured.unitMs + measured.lateMs / measured.units);
  }

  restMs(total: number, nowMs: number): number | undefined {
    const perSecond = this.perSecond(nowMs);
    const last = this.#recent.at(-1);
    if (perSecond === undefined || !last) return undefined;
    const sinceLastMs = Math.min(nowMs - last.atMs, 1000 / perSecond);
    return Math.max(0, ((total - last.done) * 1000) / perSecond - sinceLastMs);
  }

  elapsedMs(nowMs: number): number {
    return nowMs - this.#startedMs;
  }

  #measure(nowMs: number) {
    const last = this.#recent.at(-1);
    const spanMs = last ? last.atMs - this.#first.atMs : 0;
    if (!last || spanMs <= 0 || (this.#settleMs > 0 && spanMs < MIN_SPAN_MS)) return undefined;
    const units = last.done - this.#first.done;
    const unitMs = spanMs / units;
    return { units, unitMs, lateMs: Math.max(0, nowMs - last.atMs - unitMs) };
  }
}
