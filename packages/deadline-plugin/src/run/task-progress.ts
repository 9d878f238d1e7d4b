import type { JobEvent } from "@renderjuice/core";
import { count } from "@renderjuice/core/adapter";

/** Where each phase begins and ends, in percent of the task. Most of the time is the render. */
const UPLOAD = [0, 10] as const;
const RENDER = [15, 90] as const;
const DOWNLOAD = [90, 100] as const;

export interface TaskState {
  readonly percent: number;
  readonly status: string;
}

/** Turns a job's events into one number and one line, for a column of the Monitor. */
export class TaskProgress {
  #files = { done: 0, total: 0 };

  /** Undefined when the event changes nothing. */
  read(event: JobEvent): TaskState | undefined {
    switch (event.type) {
      case "upload-started":
        return at(UPLOAD[0], `Uploading ${event.fileName}`);
      case "upload-progressed": {
        const percent = between(UPLOAD, event.sentBytes, event.totalBytes);
        return at(percent, `Uploading: ${Math.floor((event.sentBytes / event.totalBytes) * 100)} %`);
      }
      case "job-created":
        return at(UPLOAD[1], "Validating the scene");
      case "job-attached":
        return at(UPLOAD[1], `Attached to job ${event.jobId}, ${event.status}`);
      case "render-accepted":
        return at(RENDER[0], "Waiting for the render to start");
      case "status-changed":
        return event.status === "suspended" ? at(RENDER[0], "Suspended on Renderjuice") : undefined;
      case "render-progressed": {
        const { completedFrames = 0, totalFrames } = event;
        if (!totalFrames) return undefined;
        const percent = between(RENDER, completedFrames, totalFrames);
        return at(percent, `Rendering: ${completedFrames} of ${count(totalFrames, "frame")}`);
      }
      case "download-started":
        this.#files = { done: 0, total: event.fileCount };
        return at(DOWNLOAD[0], `Downloading ${count(event.fileCount, "file")}`);
      case "file-failed":
      case "file-finished": {
        this.#files.done += 1;
        const { done, total } = this.#files;
        return at(between(DOWNLOAD, done, total), `Downloading: ${done} of ${count(total, "file")}`);
      }
      default:
        return undefined;
    }
  }
}

function at(percent: number, status: string): TaskState {
  return { percent, status };
}

function between([from, to]: readonly [number, number], done: number, total: number): number {
  return from + (to - from) * Math.min(1, total > 0 ? done / total : 0);
}
