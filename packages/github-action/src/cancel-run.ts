import { setOutput } from "@actions/core";
import { isFinalStatus } from "@renderjuice/core";
import { count, findTaggedJobs } from "@renderjuice/core/adapter";
import { cancelJobs } from "./cancel-jobs.ts";
import { connect } from "./connect.ts";
import type { Inputs } from "./inputs.ts";
import { tagPrefixOf } from "./resume.ts";
import { info, setFailed, warning } from "./workflow-log.ts";

/** Cancels what a run of a workflow has left rendering: where its runner was lost, nobody else can. */
export async function cancelRun(inputs: Inputs, signal: AbortSignal): Promise<void> {
  const client = connect(inputs);
  const prefix = tagPrefixOf(inputs["cancel-run"]);
  const { jobs, isComplete } = await findTaggedJobs(client, (tag) => tag.startsWith(prefix), { signal });
  const open = [...jobs.values()]
    .flat()
    .filter(({ status }) => !isFinalStatus(status))
    .map(({ id }) => ({ jobId: id, mayStillStart: false }));
  info(`Run ${inputs["cancel-run"]} has left ${count(open.length, "render")} behind.`);
  if (!isComplete)
    warning("The job list is too long to be searched to its end: older renders were not looked at.");
  setOutput("job-id", open.map(({ jobId }) => jobId).join("\n"));
  const rest = await cancelJobs(client, open);
  if (rest.length > 0)
    setFailed(
      `${count(rest.length, "render")} could not be canceled. Run this step again, or use the dashboard.`,
    );
  else setOutput("status", "canceled");
}
