import { ConfigError, isFinalStatus, type Job, type RenderClient } from "@renderjuice/core";
import { type JobChange, type JobChangesState, readJobChanges } from "@renderjuice/core/adapter";
import type { IDataObject, INodeExecutionData, IPollFunctions } from "n8n-workflow";
import { createN8nClient } from "../shared/client.ts";
import { simplifyJob, toJson } from "../shared/simplify.ts";

/** The changes since the last poll, or null. The first poll, when the workflow is activated, is the baseline. */
export async function pollChanges(context: IPollFunctions): Promise<INodeExecutionData[][] | null> {
  const client = await createN8nClient(context);
  const isSimplified = context.getNodeParameter("simplify", true) === true;
  if (context.getMode() === "manual") return [[toItem(await findSample(client), isSimplified)]];
  const memory = context.getWorkflowStaticData("node");
  const last = memory.jobs as unknown as JobChangesState | undefined;
  const { changes, state } = await readJobChanges(client, last);
  memory.jobs = state as unknown as IDataObject;
  const events = context.getNodeParameter("events", []) as string[];
  const items = changes.filter(isWanted(events)).map((change) => toItem(change, isSimplified));
  return items.length > 0 ? [items] : null;
}

function isWanted(events: readonly string[]): (change: JobChange) => boolean {
  return ({ job }) => events.includes("any") || events.includes(job.status);
}

function toItem({ job, previousStatus }: JobChange, isSimplified: boolean): INodeExecutionData {
  const json = isSimplified ? simplifyJob(job) : toJson(job);
  return { json: { ...json, previousStatus: previousStatus ?? null } };
}

/** For a test in the editor: a job that is done, or else any job. */
async function findSample(client: RenderClient): Promise<JobChange> {
  const { jobs } = await client.jobs.list({ pageSize: 50 });
  const job: Job | undefined = jobs.find(({ status }) => isFinalStatus(status)) ?? jobs[0];
  if (job) return { job, previousStatus: undefined };
  throw new ConfigError({
    code: "invalid_option",
    option: "events",
    message: "There are no jobs yet that could serve as a sample.",
    hint: "Submit a scene first, then test again. An active workflow waits for its first job by itself.",
  });
}
