import type { JobEvent, JobState as RunState } from "@renderjuice/core";
import { count, formatBytes } from "@renderjuice/core/adapter";
import type { JobState } from "./job-state.ts";

export type StateChange = Partial<Omit<JobState, "id" | "revision">>;

/** What an event changes for the artist; undefined if nothing. */
export function describeEvent(event: JobEvent, run: RunState, shown: JobState): StateChange | undefined {
  if (event.type === "warning")
    return { warnings: [...shown.warnings, event.hint ? `${event.message} ${event.hint}` : event.message] };
  const change = describeRun(run);
  return change && (change.message !== shown.message || change.phase !== shown.phase) ? change : undefined;
}

function describeRun(run: RunState): StateChange | undefined {
  switch (run.phase) {
    case "uploading":
      return { phase: "uploading", message: describeUpload(run) };
    case "validating":
    case "starting":
      return { phase: "validating", message: "The farm is checking the scene.", renderJobId: run.jobId };
    case "rendering":
      return describeRender(run);
    case "rendered":
      return { phase: "downloading", message: "Rendered. Downloading the frames." };
    case "downloading":
      return { phase: "downloading", message: `Downloading ${count(run.totalFiles ?? 0, "file")}.` };
    default:
      return undefined;
  }
}

function describeUpload({ fileName, sentBytes = 0, totalBytes = 0 }: RunState): string {
  const total = formatBytes(totalBytes);
  return sentBytes === 0
    ? `Uploading ${fileName}, ${total}.`
    : `Uploading: ${formatBytes(sentBytes)} of ${total}.`;
}

function describeRender({ jobId, completedFrames, totalFrames }: RunState): StateChange {
  const of = totalFrames === undefined ? "" : ` of ${totalFrames}`;
  const message =
    completedFrames === undefined ? "Waiting for a machine." : `Rendering: ${completedFrames}${of} frames.`;
  return { phase: "rendering", message, renderJobId: jobId, completedFrames, totalFrames };
}
