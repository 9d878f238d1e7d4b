import { hideSecrets, ProgressReport, terminalText } from "@renderjuice/core/adapter";
import { createLogUpdate } from "log-update";

const REDRAW_MS = 100;
/** How often to check whether a heartbeat line is due. */
const BEAT_MS = 5000;

interface SayOptions {
  /** Precedes the text. Our own, so it may contain colors. */
  readonly mark?: string | undefined;
  readonly stream?: NodeJS.WritableStream | undefined;
}

/**
 * The lines at the bottom of the terminal that show what is going on; other output goes above them. Without a terminal, a
 * line after each minute of silence.
 */
export class LiveArea {
  readonly isLive: boolean;
  readonly #live = createLogUpdate(process.stderr);
  readonly #reports = new Map<ProgressReport, string | undefined>();
  #timer: NodeJS.Timeout | undefined;

  readonly #secrets: readonly string[];

  constructor({ isLive, secrets }: { readonly isLive: boolean; readonly secrets: readonly string[] }) {
    this.isLive = isLive;
    this.#secrets = secrets;
  }

  /** @param scene which of several scenes it is about */
  createReport(scene?: string): ProgressReport {
    const report = new ProgressReport({ isLive: this.isLive, now: () => performance.now() });
    if (scene !== undefined) this.#reports.set(report, scene);
    return report;
  }

  show(report: ProgressReport): void {
    if (!this.#reports.has(report)) this.#reports.set(report, undefined);
    if (this.#timer) return;
    const [work, everyMs] = this.isLive ? [() => this.#draw(), REDRAW_MS] : [() => this.#beat(), BEAT_MS];
    this.#timer = setInterval(work, everyMs).unref();
    if (this.isLive) this.#draw();
  }

  hide(report: ProgressReport): void {
    this.#reports.delete(report);
    if (this.#reports.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.isLive) this.#live.clear();
  }

  /** All output goes through here, so no text controls the terminal or shows the key. */
  say(text: string, { mark = "", stream = process.stderr }: SayOptions = {}): void {
    const isDrawn = this.isLive && this.#timer !== undefined;
    if (isDrawn) this.#live.clear();
    stream.write(`${mark}${terminalText(hideSecrets(text, this.#secrets))}\n`);
    if (isDrawn) this.#draw();
  }

  #beat(): void {
    for (const [report, scene] of this.#reports) {
      const line = report.heartbeat();
      if (line !== undefined) this.say(scene === undefined ? line : `${scene}: ${line}`);
    }
  }

  #draw(): void {
    this.#live(terminalText(this.#lines().join("\n")));
  }

  /** Everything that is known about one job; of several, a line each, as far as there is room. */
  #lines(): string[] {
    const { columns = 80, rows = 24 } = process.stderr;
    const lines = [...this.#reports].flatMap(([report, scene]) => {
      const [title = "", phase] = report.liveLines(columns);
      if (scene === undefined) return report.liveLines(columns);
      return `  ${scene}: ${(phase ?? title).trim()}`.slice(0, columns);
    });
    const room = Math.max(1, rows - 2);
    return lines.length <= room ? lines : [...lines.slice(0, room), `  and ${lines.length - room} more`];
  }
}
