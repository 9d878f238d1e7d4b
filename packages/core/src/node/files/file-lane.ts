import { setImmediate } from "node:timers/promises";
import pLimit from "p-limit";
import { type FileWork, runLater, runNow } from "./file-work.ts";

/** How long the event loop is kept waiting at most, unless a single file takes longer. */
const SLICE_MS = 10;
/** Per file. A file on a local disk takes a tenth of that, on a network drive many times that. */
const SLOW_MS = 0.25;
const SLOW_FILES = 256;
const FILES_AT_A_TIME = 16;

/**
 * Works on many files. On a local disk, passing a call to a thread takes ten times as long as the call: there the calls are
 * made directly, in slices. On a network drive, where they take long, several files are worked on at a time.
 */
export class FileLane {
  readonly #now: () => number;
  /** As many files are worked on in parallel, before calls are made directly again to see how long they take. */
  #slowFiles = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** @returns the results in the order of the items */
  async run<Item, Result>(items: readonly Item[], work: (item: Item) => FileWork<Result>): Promise<Result[]> {
    const results: Result[] = [];
    while (results.length < items.length) {
      if (this.#slowFiles > 0) {
        const batch = items.slice(results.length, results.length + this.#slowFiles);
        this.#slowFiles -= batch.length;
        const limit = pLimit(FILES_AT_A_TIME);
        results.push(...(await Promise.all(batch.map((item) => limit(() => runLater(work(item)))))));
      } else {
        this.#runSlice(items, work, results);
        await setImmediate();
      }
    }
    return results;
  }

  #runSlice<Item, Result>(
    items: readonly Item[],
    work: (item: Item) => FileWork<Result>,
    results: Result[],
  ): void {
    const start = results.length;
    const startMs = this.#now();
    let tookMs = 0;
    for (let index = start; index < items.length && tookMs < SLICE_MS; index++) {
      results.push(runNow(work(items[index] as Item)));
      tookMs = this.#now() - startMs;
    }
    if (tookMs > (results.length - start) * SLOW_MS) this.#slowFiles = SLOW_FILES;
  }
}
