import { info, warning } from "@actions/core";
import { ensureCanceled } from "@renderjuice/core";
import type { NodeClient } from "@renderjuice/core/node";
import { connect } from "./connect.ts";
import { describeError } from "./describe-error.ts";
import { readPostInputs } from "./inputs.ts";
import { type OpenJob, readOpenJobs } from "./state.ts";

/** GitHub gives a canceled job five minutes, all its post steps together. */
const DEADLINE_MS = 60_000;

/** The post phase: ends what the main phase left running, because it was killed or failed. Never fails the workflow. */
export async function cleanUp(): Promise<void> {
  const jobs = readOpenJobs();
  if (jobs.length === 0) return;
  const inputs = readPostInputs();
  if (inputs["on-cancel"] === "detach") {
    return info(`on-cancel is detach: ${jobs.map(({ jobId }) => jobId).join(", ")} may go on at the farm.`);
  }
  const client = await connect(inputs);
  await Promise.all(jobs.map((job) => cancel(client, job)));
}

async function cancel(client: NodeClient, { jobId, mayStillStart }: OpenJob): Promise<void> {
  try {
    const { status } = await ensureCanceled(client, jobId, { deadlineMs: DEADLINE_MS, mayStillStart });
    info(`Job ${jobId}, which the step had left, is ${status}.`);
  } catch (error) {
    warning(`Job ${jobId} may still render, and be billed: ${describeError(error)}`);
  }
}
