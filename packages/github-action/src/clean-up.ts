import { cancelOpenJobs } from "./cancel-open-jobs.ts";
import { connect } from "./connect.ts";
import { readPostInputs } from "./inputs.ts";
import { readOpenJobs } from "./state.ts";
import { info } from "./workflow-log.ts";

/** The post phase: cancels what the main phase left running because it was killed or failed. Never fails the workflow. */
export async function cleanUp(): Promise<void> {
  const jobs = readOpenJobs();
  if (jobs.length === 0) return;
  const inputs = readPostInputs();
  if (inputs["on-cancel"] === "detach") {
    const ids = jobs.map(({ jobId }) => jobId).join(", ");
    return info(`Not canceled, because on-cancel is detach: ${ids}`);
  }
  await cancelOpenJobs(connect(inputs), jobs);
}
