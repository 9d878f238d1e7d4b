import type { JobEvent } from "@renderjuice/core";
import { compactFrames } from "@renderjuice/core";
import { describeAnalysis } from "./describe-analysis.ts";
import { bar, formatBytes, formatDuration } from "./format.ts";
import { Pace } from "./pace.ts";

interface Phase {
  readonly label: string;
  readonly unit: "bytes" | "frames" | "files";
  readonly pace: Pace;
  done: number;
  total: number | undefined;
  lastTenth: number;
}

/** Turns a job's events into lines: lasting ones, and the live ones below them. */
export class ProgressReport {
  readonly #isLive: boolean;
  readonly #now: () => number;
  #phase: Phase | undefined;
  #waiting: string | undefined;

  constructor({ isLive, now }: { isLive: boolean; now: () => number }) {
    this.#isLive = isLive;
    this.#now = now;
  }

  /** @returns the lines that stay */
  add(event: JobEvent): string[] {
    switch (event.type) {
      case "preflight-finished":
        return event.report.issues
          .filter(({ severity }) => severity !== "error")
          .map(({ severity, message, fix }) => `  ${severity}: ${message} ${fix}`);
      case "upload-started":
        return this.#begin(
          "uploading",
          "bytes",
          event.sizeBytes,
          `Uploading ${event.fileName}, ${formatBytes(event.sizeBytes)}.`,
        );
      case "upload-progressed":
        return this.#advance(event.sentBytes);
      case "upload-finished":
        return [this.#finish("Uploaded")];
      case "job-created":
        return this.#wait("validating", `Job ${event.jobId}`);
      case "job-validated":
        return [`Validated${describeAnalysis(event.analysis)}.`];
      case "render-accepted":
        return this.#wait(
          "waiting for the render to start",
          event.wasReplayed ? "The render was running already." : "Render started.",
        );
      case "status-changed":
        if (event.status === "rendering" || this.#phase?.unit === "frames") return [];
        return this.#wait(event.status);
      case "render-progressed":
        return this.#showFrames(event.completedFrames, event.totalFrames);
      case "job-finished":
        return [this.#phase ? this.#finish("Rendered") : "Rendered."];
      case "download-started":
        return this.#begin(
          "downloading",
          "files",
          event.fileCount,
          `Downloading ${event.fileCount} files to ${event.outDir}.`,
        );
      case "file-finished":
        return this.#advance((this.#phase?.done ?? 0) + 1);
      case "download-finished":
        return [this.#finish("Downloaded"), ...describeMissing(event.summary.missingFrames)];
      case "retry-scheduled":
        return [describeRetry(event)];
      default:
        return [];
    }
  }

  /** What is going on, for a terminal of that width. */
  liveLines(columns = 80): string[] {
    const phase = this.#phase;
    if (!phase) return this.#waiting ? [`  ${this.#waiting} …`] : [];
    const share = phase.total ? Math.min(1, phase.done / phase.total) : undefined;
    const rest =
      share === undefined ? undefined : phase.pace.restMs(phase.done, phase.total ?? 0, this.#now());
    const left = rest === undefined ? "" : `, about ${formatDuration(rest)} left`;
    const text = `${phase.label} ${describeAmount(phase)}${describePace(phase, this.#now())}${left}`;
    return [`  ${share === undefined ? "" : `${bar(share)} `}${text}`.slice(0, columns)];
  }

  #begin(label: string, unit: Phase["unit"], total: number | undefined, line: string): string[] {
    this.#waiting = undefined;
    this.#phase = { label, unit, total, done: 0, lastTenth: 0, pace: new Pace(this.#now()) };
    return this.#isLive ? [] : [line];
  }

  /** A new attempt may begin at less than the last had reached. */
  #advance(done: number): string[] {
    const phase = this.#phase;
    if (!phase) return [];
    phase.done = done;
    phase.pace.add(done, this.#now());
    const tenth = phase.total ? Math.floor((done / phase.total) * 10) : 0;
    if (this.#isLive || tenth <= phase.lastTenth || tenth === 10) return [];
    phase.lastTenth = tenth;
    return [`  ${tenth * 10} % (${describeAmount(phase)})`];
  }

  #showFrames(completed: number | undefined, total: number | undefined): string[] {
    if (completed === undefined) return [];
    if (this.#phase?.unit !== "frames") this.#begin("rendering", "frames", total, "");
    if (this.#phase) this.#phase.total = total;
    return this.#advance(completed);
  }

  #finish(done: string): string {
    const phase = this.#phase;
    this.#phase = undefined;
    if (!phase) return `${done}.`;
    if (phase.total !== undefined) phase.done = phase.total;
    return `${done} ${describeAmount(phase, false)} in ${formatDuration(phase.pace.elapsedMs(this.#now()))}.`;
  }

  #wait(what: string, line?: string): string[] {
    this.#waiting = what;
    return line ? [line] : this.#isLive ? [] : [`  ${what}`];
  }
}

function describeAmount({ unit, done, total }: Phase, withTotal = true): string {
  const of = withTotal && total !== undefined ? ` of ${unit === "bytes" ? formatBytes(total) : total}` : "";
  return unit === "bytes" ? `${formatBytes(done)}${of}` : `${done}${of} ${unit}`;
}

function describePace({ unit, pace }: Phase, nowMs: number): string {
  const perSecond = pace.perSecond(nowMs);
  if (!perSecond) return "";
  if (unit === "bytes") return `, ${formatBytes(perSecond)}/s`;
  return perSecond >= 1
    ? `, ${perSecond.toFixed(1)} ${unit}/s`
    : `, ${formatDuration(1000 / perSecond)} per ${unit.slice(0, -1)}`;
}

function describeMissing(frames: readonly number[]): string[] {
  return frames.length === 0 ? [] : [`Missing: ${frames.length} frames (${compactFrames(frames)}).`];
}

function describeRetry(event: Extract<JobEvent, { type: "retry-scheduled" }>): string {
  const wait = formatDuration(event.delayMs);
  if (event.isRateLimit) return `  The API asks for a pause; going on in ${wait}.`;
  return `  ${event.message} Trying again in ${wait} (attempt ${event.attempt}).`;
}
