import { describeCancel, ensureCanceled } from "@renderjuice/core/adapter";
import type { NodeClient } from "@renderjuice/core/node";
import { describeError } from "./describe-error.ts";
import type { OpenJob } from "./state.ts";
import { info, warning } from "./workflow-log.ts";

/** GitHub gives a canceled job five minutes, all its post steps together; a start that is on its way needs one. */
const DEADLINE_MS = 120_000;

/** Cancels what was left rendering. One that cannot be canceled keeps no other from it. @returns those that may go on */
export async function cancelJobs(client: NodeClient, jobs: readonly OpenJob[]): Promise<OpenJob[]> {
  const isOver = await Promise.all(jobs.map((job) => cancel(client, job)));
  return jobs.filter((_, index) => !isOver[index]);
}

async function cancel(client: NodeClient, { jobId, mayStillStart }: OpenJob): Promise<boolean> {
  try {
    const outcome = await ensureCanceled(client, jobId, { deadlineMs: DEADLINE_MS, mayStillStart });
    const tell = outcome.isCertain ? info : warning;
    tell(`Left behind: ${describeCancel(outcome)}`);
    return outcome.isCertain;
  } catch (error) {
    warning(`Job ${jobId} may still render, and be billed: ${describeError(error)}`);
    return false;
  }
}
