import { type JobState, mayBeRendering } from "@renderjuice/core";
import { isRenderOver } from "@renderjuice/core/adapter";

/** The state in which this program leaves a job. */
export function describeStage(state: JobState): string {
  const { jobId, phase } = state;
  if (phase === "rendering") return `Job ${jobId} keeps running.`;
  if (isRenderOver(state)) return `Job ${jobId} is complete.`;
  return mayBeRendering(state)
    ? `Job ${jobId} may be rendering.`
    : `Job ${jobId} was not started and is not billed.`;
}
