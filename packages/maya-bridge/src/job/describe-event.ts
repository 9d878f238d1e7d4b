import type { JobEvent } from "@renderjuice/core";
import { count, formatBytes } from "@renderjuice/core/adapter";
import type { JobState } from "./job-state.ts";

export type StateChange = Partial<Omit<JobState, "id" | "revision">>;

/** What an event changes in what the artist sees; undefined when that is nothing. */
export function describeEvent(event: JobEvent, state: JobState): StateChange | undefined {
  switch (event.type) {
    case "upload-started":
      return { phase: "uploading", message: `Uploading ${event.fileName}, ${formatBytes(event.sizeBytes)}.` };
    case "upload-progressed":
      return {
        phase: "uploading",
        message: `Uploading: ${formatBytes(event.sentBytes)} of ${formatBytes(event.totalBytes)}.`,
      };
    case "job-created":
    case "job-attached":
      return { phase: "validating", message: "The farm checks the scene.", renderJobId: event.jobId };
    case "render-accepted":
      return { phase: "rendering", message: "Waiting for a machine." };
    case "render-progressed":
      return describeFrames(event);
    case "job-finished":
      return { phase: "downloading", message: "Rendered. Fetching the frames." };
    case "download-started":
      return { phase: "downloading", message: `Fetching ${count(event.fileCount, "file")}.` };
    case "warning":
      return { warnings: [...state.warnings, event.hint ? `${event.message} ${event.hint}` : event.message] };
    default:
      return undefined;
  }
}

function describeFrames({
  completedFrames,
  totalFrames,
}: Extract<JobEvent, { type: "render-progressed" }>): StateChange | undefined {
  if (completedFrames === undefined) return undefined;
  const of = totalFrames === undefined ? "" : ` of ${totalFrames}`;
  return {
    phase: "rendering",
    message: `Rendering: ${completedFrames}${of} frames.`,
    completedFrames,
    totalFrames,
  };
}
