import { isRenderOver, type JobState, mayBeRendering } from "@renderjuice/core";

/** What is so of the job when this program leaves it. */
export function describeStage(state: JobState): string {
  const { jobId, phase } = state;
  if (phase === "rendering") return `Job ${jobId} goes on.`;
  if (isRenderOver(state)) return `Job ${jobId} is complete.`;
  return mayBeRendering(state)
    ? `Job ${jobId} may be rendering.`
    : `Job ${jobId} was not started and is not billed.`;
}
