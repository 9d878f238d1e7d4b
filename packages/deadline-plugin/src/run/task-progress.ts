import type { JobState } from "@renderjuice/core";
import { count } from "@renderjuice/core/adapter";

/** Where each phase starts and ends, in percent of the task. The render takes most of the time. */
const UPLOAD = [0, 10] as const;
const RENDER = [15, 90] as const;
const DOWNLOAD = [90, 100] as const;

export interface TaskProgress {
  readonly percent: number;
  readonly status: string;
}

/** One number and one line, for a column of the Monitor. @returns undefined as long as there is nothing to show */
export function describeProgress(state: JobState): TaskProgress | undefined {
  switch (state.phase) {
    case "uploading":
      return describeUpload(state);
    case "creating":
    case "validating":
      return at(UPLOAD[1], describeAttached(state) ?? "Validating the scene");
    case "starting":
      return at(RENDER[0], "Starting the render");
    case "rendering":
      return describeRender(state);
    case "rendered":
      return at(RENDER[1], "Rendered");
    case "downloading":
    case "downloaded":
      return describeDownload(state);
    default:
      return undefined;
  }
}

function describeUpload({ fileName, sentBytes = 0, totalBytes = 0 }: JobState): TaskProgress {
  if (sentBytes === 0) return at(UPLOAD[0], `Uploading ${fileName}`);
  const percent = Math.floor((sentBytes / totalBytes) * 100);
  return at(between(UPLOAD, sentBytes, totalBytes), `Uploading: ${percent}%`);
}

function describeRender(state: JobState): TaskProgress {
  const { status, completedFrames = 0, totalFrames } = state;
  if (status === "suspended") return at(RENDER[0], "Suspended on Renderjuice");
  if (!totalFrames) return at(RENDER[0], describeAttached(state) ?? "Waiting for the render to start");
  const percent = between(RENDER, completedFrames, totalFrames);
  return at(percent, `Rendering: ${completedFrames} of ${count(totalFrames, "frame")}`);
}

function describeAttached({ isAttached, jobId, status }: JobState): string | undefined {
  return isAttached && status !== undefined ? `Attached to job ${jobId}, ${status}` : undefined;
}

function describeDownload({ fetchedFiles = 0, totalFiles = 0 }: JobState): TaskProgress {
  const percent = between(DOWNLOAD, fetchedFiles, totalFiles);
  return at(percent, `Downloading: ${fetchedFiles} of ${count(totalFiles, "file")}`);
}

function at(percent: number, status: string): TaskProgress {
  return { percent, status };
}

function between([from, to]: readonly [number, number], done: number, total: number): number {
  return from + (to - from) * Math.min(1, total > 0 ? done / total : 0);
}
