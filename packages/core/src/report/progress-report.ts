import type { JobEvent } from "../lifecycle/job-event.ts";
import type { DownloadSummary } from "../outputs/download-event.ts";
import { bar, count, formatBytes, formatDuration, formatMinutes } from "../text/format.ts";
import { listNames } from "../text/list-names.ts";
import { terminalLine } from "../text/terminal-text.ts";
import { describeAnalysis } from "./describe-analysis.ts";
import { Pace } from "./pace.ts";

interface Phase {
  readonly label: string;
  readonly unit: "byte" | "frame" | "file";
  readonly pace: Pace;
  done: number;
  total: number | undefined;
  lastTenth: number;
  lastLineMs: number;
}

/** Statuses that other events already report. */
const TOLD_OTHERWISE = new Set(["created", "validating", "validated", "rendering", "completed"]);
/** Without a terminal, a quick phase does not need a line per tenth. */
const MIN_LINE_INTERVAL_MS = 2000;
/** After this much silence, someone may wonder whether anything is happening. */
const HEARTBEAT_MS = 60_000;
/** Until then, bytes only fill network buffers, faster than any connection. */
const BYTES_SETTLE_MS = 3000;

/**
 * Turns a job's events into lines of text: lines that stay, and live lines below them. Rate limits concern all jobs of a
 * client and are not included: see `reportRateLimits`. Missing frames and failed files are left to the end of the job: see
 * `describeShortfall`.
 *
 * @example
 * const report = new ProgressReport({ isLive: false, now: Date.now });
 * for await (const event of client.submit("shot.blend")) for (const line of report.add(event)) console.log(line);
 */
export class ProgressReport {
  readonly #isLive: boolean;
  readonly #now: () => number;
  readonly #startedMs: number;
  #title: string[] = [];
  #phase: Phase | undefined;
  #waiting: string | undefined;
  #waitingSinceMs = 0;
  #lastSaidMs: number;
  /** The frames of the request, after a colon. */
  #requested = "";
  #receiving: string | undefined;

  constructor({ isLive, now }: { isLive: boolean; now: () => number }) {
    this.#isLive = isLive;
    this.#now = now;
    this.#startedMs = now();
    this.#lastSaidMs = this.#startedMs;
  }

  /** @returns the lines that stay; safe to print */
  add(event: JobEvent): string[] {
    const lines = this.#describe(event).map(terminalLine);
    if (lines.length > 0) this.#lastSaidMs = this.#now();
    return lines;
  }

  /**
   * What is still running, for hosts without live lines: `Still rendering: 3 of 8 frames, 5 min.` Call it every few seconds.
   *
   * @param silenceMs how long to be silent before saying it
   * @returns a line that is safe to print; undefined if it is too soon, or if nothing is running
   */
  heartbeat(silenceMs = HEARTBEAT_MS): string | undefined {
    const nowMs = this.#now();
    const doing = this.#phase ? `${this.#phase.label}: ${describeAmount(this.#phase)}` : this.#waiting;
    if (doing === undefined || nowMs - this.#lastSaidMs < silenceMs) return undefined;
    this.#lastSaidMs = nowMs;
    const elapsedMs = this.#phase ? this.#phase.pace.elapsedMs(nowMs) : nowMs - this.#waitingSinceMs;
    return terminalLine(`Still ${doing}, ${formatMinutes(elapsedMs)}.`);
  }

  #describe(event: JobEvent): string[] {
    switch (event.type) {
      case "preflight-finished":
        return event.report.issues
          .filter(({ severity }) => severity !== "error")
          .map(({ severity, message, fix }) => `  ${severity}: ${message} ${fix}`);
      case "upload-started":
        this.#title = [event.fileName];
        return this.#begin(
          "uploading",
          "byte",
          event.sizeBytes,
          `Uploading ${event.fileName}, ${formatBytes(event.sizeBytes)}.`,
        );
      case "upload-progressed":
        return this.#advance(event.sentBytes);
      case "upload-finished":
        return [this.#finish("Uploaded")];
      case "job-created":
        this.#title.push(`job ${event.jobId}`);
        return this.#wait("validating", `Job ${event.jobId}`);
      case "job-attached":
        this.#title.push(`job ${event.jobId}`);
        return this.#wait(event.status, `Attached to job ${event.jobId}, which is ${event.status}.`);
      case "job-validated":
        return this.#wait("starting the render", `Validated.${describeAnalysis(event.analysis)}`);
      case "render-accepted":
        return this.#wait(
          "waiting for the render to start",
          event.wasReplayed ? "The render was already running." : `Render started${this.#requested}.`,
        );
      case "status-changed":
        return TOLD_OTHERWISE.has(event.status) ? [] : this.#wait(event.status);
      case "render-progressed":
        return this.#showFrames(event.completedFrames, event.totalFrames);
      case "job-finished":
        return [this.#finish("Rendered")];
      case "download-started":
        return this.#begin(
          "downloading",
          "file",
          event.fileCount,
          `Downloading ${count(event.fileCount, "file")} to ${event.outDir}.`,
        );
      case "file-progressed":
        this.#receiving = `${event.relativePath} ${describeBytes(event.receivedBytes, event.totalBytes)}`;
        return [];
      case "file-finished":
      case "file-failed":
        return this.#advance((this.#phase?.done ?? 0) + 1);
      case "download-finished":
        return [this.#finishDownload(event.summary)];
      case "retry-scheduled":
        return event.isRateLimit ? [] : [describeRetry(event)];
      case "render-started":
        this.#requested = describeFrames(event.config.frameRanges);
        return [];
      case "create-started":
      case "validate-started":
      // Hosts show warnings in their own way.
      case "warning":
        return [];
      default:
        return event satisfies never;
    }
  }

  /** What is happening now, in lines of up to `columns` characters; safe to print. */
  liveLines(columns = 80): string[] {
    const elapsed = formatDuration(this.#now() - this.#startedMs);
    const lines = [
      [...this.#title, elapsed].join(" · "),
      this.#phase ? this.#describePhase(this.#phase) : this.#waiting && `${this.#waiting} …`,
      this.#phase?.unit === "file" && this.#receiving,
    ];
    return lines
      .filter((line) => typeof line === "string")
      .map((line) => `  ${terminalLine(line)}`.slice(0, columns));
  }

  #describePhase(phase: Phase): string {
    const nowMs = this.#now();
    const text = `${phase.label} ${describeAmount(phase)}${describePace(phase, nowMs)}`;
    if (!phase.total) return text;
    const restMs = phase.pace.restMs(phase.total, nowMs);
    const rest =
      restMs === undefined ? "" : `, about ${formatDuration(Math.ceil(restMs / 1000) * 1000)} left`;
    return `${bar(Math.min(1, phase.done / phase.total))} ${text}${rest}`;
  }

  #begin(label: string, unit: Phase["unit"], total: number | undefined, line: string): string[] {
    const nowMs = this.#now();
    this.#waiting = undefined;
    this.#phase = {
      label,
      unit,
      total,
      done: 0,
      lastTenth: 0,
      lastLineMs: nowMs,
      pace: new Pace(nowMs, { settleMs: unit === "byte" ? BYTES_SETTLE_MS : 0 }),
    };
    return this.#isLive ? [] : [line];
  }

  /** A new attempt may start below what the last one had reached. */
  #advance(done: number): string[] {
    const phase = this.#phase;
    if (!phase) return [];
    const nowMs = this.#now();
    phase.done = done;
    phase.pace.add(done, nowMs);
    const tenth = phase.total ? Math.floor((done / phase.total) * 10) : 0;
    const isTooSoon = nowMs - phase.lastLineMs < MIN_LINE_INTERVAL_MS;
    if (this.#isLive || isTooSoon || tenth <= phase.lastTenth || tenth === 10) return [];
    phase.lastTenth = tenth;
    phase.lastLineMs = nowMs;
    return [`  ${Math.floor((done / (phase.total ?? done)) * 100)}% (${describeAmount(phase)})`];
  }

  #showFrames(completed: number | undefined, total: number | undefined): string[] {
    if (completed === undefined) return [];
    if (this.#phase?.unit !== "frame") this.#begin("rendering", "frame", total, "");
    if (this.#phase) this.#phase.total = total;
    return this.#advance(completed);
  }

  /** The last count is not necessarily the total, so without a total no number is given. */
  #finish(done: string, total = this.#phase?.total): string {
    const phase = this.#phase;
    this.#phase = undefined;
    this.#waiting = undefined;
    if (!phase) return `${done}.`;
    const amount = total === undefined ? "" : ` ${describeTotal(phase.unit, total)}`;
    return `${done}${amount} in ${formatDuration(phase.pace.elapsedMs(this.#now()))}.`;
  }

  #finishDownload({ files }: DownloadSummary): string {
    const present = files.filter(({ wasSkipped }) => wasSkipped).length;
    const line = this.#finish("Downloaded", files.length - present);
    return present === 0
      ? line
      : `${line} ${count(present, "file")} ${present === 1 ? "was" : "were"} already there.`;
  }

  #wait(what: string, line?: string): string[] {
    if (this.#waiting !== what) this.#waitingSinceMs = this.#now();
    this.#waiting = what;
    if (line) return [line];
    return this.#isLive ? [] : [`  ${what}`];
  }
}

function describeFrames(ranges: readonly string[] | undefined): string {
  return ranges === undefined ? "" : `: frames ${listNames(ranges)}`;
}

function describeTotal(unit: Phase["unit"], total: number): string {
  return unit === "byte" ? formatBytes(total) : count(total, unit);
}

function describeAmount({ unit, done, total }: Phase): string {
  if (unit === "byte") return describeBytes(done, total);
  return total === undefined ? count(done, unit) : `${done} of ${count(total, unit)}`;
}

function describeBytes(done: number, total: number | undefined): string {
  return `${formatBytes(done)}${total === undefined ? "" : ` of ${formatBytes(total)}`}`;
}

function describePace({ unit, pace }: Phase, nowMs: number): string {
  const perSecond = pace.perSecond(nowMs);
  if (!perSecond) return "";
  if (unit === "byte") return `, ${formatBytes(perSecond)}/s`;
  if (perSecond >= 1) return `, ${perSecond.toFixed(1)} ${unit}s/s`;
  return `, ${formatDuration(1000 / perSecond)} per ${unit}`;
}

function describeRetry(event: Extract<JobEvent, { type: "retry-scheduled" }>): string {
  return `  ${event.message} Trying again in ${formatDuration(event.delayMs)} (attempt ${event.attempt}).`;
}
