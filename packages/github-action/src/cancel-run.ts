import { setOutput } from "@actions/core";
import { isFinalStatus } from "@renderjuice/core";
import { count, findTaggedJobs } from "@renderjuice/core/adapter";
import { cancelOpenJobs } from "./cancel-open-jobs.ts";
import { connect } from "./connect.ts";
import type { Inputs } from "./inputs.ts";
import { tagPrefixOf } from "./resume.ts";
import { info, setFailed, warning } from "./workflow-log.ts";

/** Cancels the renders that a workflow run left behind. If its runner was lost, nothing else does. */
export async function cancelRun(inputs: Inputs, signal: AbortSignal): Promise<void> {
  const client = connect(inputs);
  const prefix = tagPrefixOf(inputs["cancel-run"]);
  const { jobs, isComplete } = await findTaggedJobs(client, (tag) => tag.startsWith(prefix), { signal });
  const open = [...jobs.values()]
    .flat()
    .filter(({ status }) => !isFinalStatus(status))
    .map(({ id }) => ({ jobId: id, mayStillStart: false }));
  info(`Run ${inputs["cancel-run"]} left ${count(open.length, "render")} behind.`);
  if (!isComplete)
    warning("There are too many jobs to search all of them. Older renders of the run may still be running.");
  setOutput("job-id", open.map(({ jobId }) => jobId).join("\n"));
  const left = await cancelOpenJobs(client, open);
  if (left > 0)
    setFailed(
      `${count(left, "render")} could not be canceled. Run this step again, or cancel in the Renderjuice dashboard.`,
    );
  else setOutput("status", "canceled");
}
