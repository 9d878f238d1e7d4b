import type { JobEvent } from "@renderjuice/core";
import { ProgressReport } from "@renderjuice/core/adapter";
import type { SceneRun } from "./scene-run.ts";
import { info, warning } from "./workflow-log.ts";

/** How long a scene may be silent. */
const SILENCE_MS = 5 * 60_000;
/** How often to check whether a line is due. */
const BEAT_MS = 60_000;

/** Logs what happens, a line at a time. With several scenes, each line starts with the name of its scene. */
export class RunLog {
  readonly #reports: ReadonlyMap<SceneRun, ProgressReport>;
  /** Each job is followed twice, until it has started and until it has ended: both find the same warnings. */
  readonly #warned = new Set<string>();

  constructor(runs: readonly SceneRun[], { now = () => performance.now(), beatMs = BEAT_MS } = {}) {
    this.#reports = new Map(runs.map((run) => [run, new ProgressReport({ isLive: false, now })]));
    setInterval(() => this.#beat(), beatMs).unref();
  }

  add(run: SceneRun, event: JobEvent): void {
    // Annotations have shown the issues.
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
    for (const [run, report] of this.#reports) {
      const line = run.error === undefined ? report.heartbeat(SILENCE_MS) : undefined;
      if (line !== undefined) this.#say(run, line);
    }
  }

  #say(run: SceneRun, line: string): void {
    info(this.#reports.size === 1 ? line : `${run.name}: ${line.trimStart()}`);
  }
}
