import { cancelJobs, describeCancel } from "@renderjuice/core/adapter";
import type { NodeClient } from "@renderjuice/core/node";
import { describeError } from "./describe-error.ts";
import type { OpenJob } from "./state.ts";
import { info, warning } from "./workflow-log.ts";

/** GitHub gives all post steps of a canceled job five minutes; a start request that is on its way needs one. */
const DEADLINE_MS = 120_000;

/** Cancels jobs and reports the result of each. @returns how many may still be rendering */
export async function cancelOpenJobs(client: NodeClient, jobs: readonly OpenJob[]): Promise<number> {
  const reports = await cancelJobs(client, jobs, { deadlineMs: DEADLINE_MS });
  for (const { jobId, outcome, error } of reports) {
    if (!outcome) warning(`Job ${jobId} could not be canceled: ${describeError(error)}`);
    else if (outcome.isCertain) info(describeCancel(outcome));
    else warning(describeCancel(outcome));
  }
  return reports.filter(({ outcome }) => !outcome?.isCertain).length;
}
