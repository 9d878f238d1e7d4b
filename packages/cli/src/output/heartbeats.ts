import type { JobEvent } from "@renderjuice/core";
import { ProgressReport } from "@renderjuice/core/adapter";

/** How often to check whether a line is due. */
const BEAT_MS = 5000;

/** For commands that print a line per change: after a minute of silence, a line about each job that is still running. */
export class Heartbeats {
  readonly #reports = new Map<string, ProgressReport>();
  readonly #timer: NodeJS.Timeout;
  readonly #now: () => number;

  constructor(say: (line: string) => void, { now = () => performance.now(), beatMs = BEAT_MS } = {}) {
    this.#now = now;
    this.#timer = setInterval(() => {
      for (const [jobId, report] of this.#reports) {
        const line = report.heartbeat();
        if (line !== undefined) say(`${jobId}  ${line}`);
      }
    }, beatMs).unref();
  }

  add(jobId: string, event: JobEvent): void {
    const report = this.#reports.get(jobId) ?? new ProgressReport({ isLive: false, now: this.#now });
    this.#reports.set(jobId, report);
    report.add(event);
  }

  /** The job has ended. */
  remove(jobId: string): void {
    this.#reports.delete(jobId);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
