import { isFinalStatus } from "../contract/job-status.ts";
import { foreignLine } from "../text/terminal-text.ts";
import type { CancelOutcome } from "./ensure-canceled.ts";

/**
 * The outcome of a cancellation, in words.
 *
 * @example
 * console.log(describeCancel(await ensureCanceled(client, jobId)));
 */
export function describeCancel({ job, isCertain }: CancelOutcome): string {
  const { id } = job;
  const status = foreignLine(job.status);
  if (status === "canceled") return `Job ${id} is canceled.`;
  if (isFinalStatus(status)) return `Job ${id} was already ${status}.`;
  const idle = `Job ${id} is ${status}: it was not started and is not billed.`;
  return isCertain
    ? idle
    : `${idle} The farm does not cancel it in this state, but a start request that was sent may still take effect: check it again in a few minutes, and cancel it if it is rendering.`;
}
