import type { RunMessage } from "./json-lines.ts";

export interface TaskOutcome {
  /** `canceled`: the farm took the task away (suspended, deleted, requeued …). `killed`: the Worker died. */
  status: "completed" | "errored" | "canceled" | "killed";
  /** The error report. */
  message: string;
  /** What CleanupDeadlinePlugin raised. */
  cleanupError?: string;
  /** The task's log: `STDOUT: `, `INFO: `, `WARNING: `, `PYTHON: `, `ERROR: ` and the text. */
  lines: string[];
  /** All that SetProgress was given, in order, in percent. */
  progress: number[];
  /** All that SetStatusMessage was given, in order. */
  statusMessages: string[];
}

/** A task being rendered: what it has said so far, and how it ends. */
export class TaskRun {
  readonly lines: string[] = [];
  readonly progress: number[] = [];
  readonly statusMessages: string[] = [];
  readonly #outcome = Promise.withResolvers<TaskOutcome>();
  readonly #waiting = new Set<() => void>();
  #ended = false;

  constructor() {
    // A test need not wait for the task's end.
    this.#outcome.promise.catch(() => {});
  }

  /** How the task ended. Rejects only when the harness has ended before. */
  get outcome(): Promise<TaskOutcome> {
    return this.#outcome.promise;
  }

  /** Resolves with the first log line that matches; rejects if the task ends without one. */
  seen(pattern: RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = this.lines.find((line) => pattern.test(line));
        if (found === undefined && !this.#ended) return;
        this.#waiting.delete(look);
        if (found !== undefined) resolve(found);
        else reject(new Error(`The task ended without a line like ${pattern}:\n${this.lines.join("\n")}`));
      };
      this.#waiting.add(look);
      look();
    });
  }

  take({ line, progress, status, outcome }: RunMessage): void {
    if (line !== undefined) this.lines.push(line);
    if (progress !== undefined) this.progress.push(progress);
    if (status !== undefined) this.statusMessages.push(status);
    if (outcome) {
      this.#ended = true;
      const { lines, progress: values, statusMessages } = this;
      this.#outcome.resolve({ ...(outcome as TaskOutcome), lines, progress: values, statusMessages });
    }
    this.#look();
  }

  /** The harness has ended: nothing more comes. */
  fail(error: Error): void {
    this.#ended = true;
    this.#outcome.reject(error);
    this.#look();
  }

  #look(): void {
    for (const look of [...this.#waiting]) look();
  }
}
