import { group, info, setOutput, warning } from "@actions/core";
import { count, ensureCanceled, findTaggedJobs, isFinalStatus, type Job } from "@renderjuice/core";
import { connect } from "./connect.ts";
import type { Inputs } from "./inputs.ts";
import { tagPrefixOf } from "./resume.ts";

const DEADLINE_MS = 120_000;

/** Cancels what a run of a workflow has left rendering: where its runner was lost, nobody else can. */
export async function cancelRun(inputs: Inputs, signal: AbortSignal): Promise<void> {
  const client = await connect(inputs);
  const prefix = tagPrefixOf(inputs["cancel-run"]);
  const { jobs, isComplete } = await findTaggedJobs(client, (tag) => tag.startsWith(prefix), { signal });
  const open = [...jobs.values()].flat().filter(({ status }) => !isFinalStatus(status));
  const title = `Cancel ${count(open.length, "render")} of run ${inputs["cancel-run"]}`;
  const cancel = ({ id }: Job) => ensureCanceled(client, id, { deadlineMs: DEADLINE_MS, signal });
  const canceled = await group(title, () => Promise.all(open.map(cancel)));
  for (const { id, status } of canceled) info(`Job ${id} is ${status}.`);
  if (!isComplete)
    warning("The job list is too long to be searched to its end: older renders were not looked at.");
  setOutput("job-id", canceled.map(({ id }) => id).join("\n"));
  setOutput("status", "canceled");
}
