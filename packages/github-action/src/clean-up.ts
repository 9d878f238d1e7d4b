import { cancelJobs } from "./cancel-jobs.ts";
import { connect } from "./connect.ts";
import { readPostInputs } from "./inputs.ts";
import { readOpenJobs } from "./state.ts";
import { info } from "./workflow-log.ts";

/** The post phase: ends what the main phase left running, because it was killed or failed. Never fails the workflow. */
export async function cleanUp(): Promise<void> {
  const jobs = readOpenJobs();
  if (jobs.length === 0) return;
  const inputs = readPostInputs();
  if (inputs["on-cancel"] === "detach") {
    return info(`on-cancel is detach: ${jobs.map(({ jobId }) => jobId).join(", ")} may go on at the farm.`);
  }
  await cancelJobs(connect(inputs), jobs);
}
