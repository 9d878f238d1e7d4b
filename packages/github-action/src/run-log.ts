import type { JobEvent } from "@renderjuice/core";
import { ProgressReport } from "@renderjuice/core/adapter";
import type { SceneRun } from "./scene-run.ts";
import { info, warning } from "./workflow-log.ts";

/** A long render says something at least so often. */
const HEARTBEAT_MS = 5 * 60_000;

/** Tells what happens, a line at a time. Of several scenes every line names its own. */
export class RunLog {
  readonly #reports = new Map<SceneRun, ProgressReport>();
  readonly #isSingle: boolean;
  /** A job is followed twice, until it has started and until it is over: what both notice is told once. */
  readonly #warned = new Set<string>();
  #lastLineMs = performance.now();

  constructor(runs: readonly SceneRun[]) {
    this.#isSingle = runs.length === 1;
    for (const run of runs)
      this.#reports.set(run, new ProgressReport({ isLive: false, now: () => performance.now() }));
    setInterval(() => this.#beat(), HEARTBEAT_MS / 5).unref();
  }

  add(run: SceneRun, event: JobEvent): void {
    // Findings have been shown as annotations.
    if (event.type === "preflight-finished") return;
    if (event.type === "warning") {
      this.#warn(run, event.hint ? `${event.message} ${event.hint}` : event.message);
      return;
    }
    for (const line of this.#reports.get(run)?.add(event) ?? []) this.#say(run, line);
  }

  #warn(run: SceneRun, text: string): void {
    const warned = `${run.name}\n${text}`;
    if (this.#warned.has(warned)) return;
    this.#warned.add(warned);
    warning(text, { title: run.name });
  }

  #beat(): void {
    if (performance.now() - this.#lastLineMs < HEARTBEAT_MS) return;
    for (const [run, report] of this.#reports) {
      if (run.jobId && !run.isSettled)
        this.#say(
          run,
          report
            .liveLines(200)
            .map((line) => line.trim())
            .join(", "),
        );
    }
  }

  #say(run: SceneRun, line: string): void {
    this.#lastLineMs = performance.now();
    info(this.#isSingle ? line : `${run.name}: ${line.trimStart()}`);
  }
}
