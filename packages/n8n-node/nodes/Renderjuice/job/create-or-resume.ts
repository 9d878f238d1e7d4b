import { type Job, JobCanceledError, type JobEvent, type SubmitOptions } from "@renderjuice/core";
import { buildRenderConfig, chooseResumableJob, DEFAULT_BASE_URL, findJob } from "@renderjuice/core/adapter";
import type { IBinaryData } from "n8n-workflow";
import { identifyBinary, openBinarySource } from "../shared/binary-source.ts";
import { Fields } from "../shared/fields-of-item.ts";
import type { OperationCall } from "../shared/operation.ts";
import type { SubmitPlan, SubmittedJob } from "../shared/submitted-jobs.ts";

export type RenderPlan = Pick<SubmitOptions, "frames" | "settings">;

export interface ObtainedJob {
  readonly job: Job;
  readonly wasResumed: boolean;
}

/** Takes what the user should know. */
export type Warn = (message: string, hint?: string) => void;

/** If n8n retries, the job of the earlier try is resumed, provided that it is for the same render and has not failed. */
export async function createOrResume(
  call: OperationCall,
  plan: RenderPlan,
  warn: Warn,
): Promise<ObtainedJob> {
  const wanted = await describePlan(call, plan);
  const earlier = call.submittedJobs.get(call.itemIndex);
  const differences = earlier ? compare(earlier.plan, wanted) : [];
  if (earlier && differences.length === 0) {
    const job = await findAlive(call, earlier);
    if (job) {
      warn(`Job ${job.id} from an earlier try was resumed.`);
      return { job, wasResumed: true };
    }
  }
  const job = await create(call, plan, warn);
  call.submittedJobs.set(call.itemIndex, {
    jobId: job.id,
    executionId: call.context.getExecutionId(),
    plan: wanted,
  });
  if (earlier && differences.length > 0) {
    warn(
      `Job ${earlier.jobId} from an earlier try differs in its ${differences.join(", ")}, so a new job was created.`,
      "If the earlier job was started, it keeps running and is billed: cancel it if you do not need it.",
    );
  }
  return { job, wasResumed: false };
}

async function findAlive(
  { client, context, signal }: OperationCall,
  { jobId, executionId }: SubmittedJob,
): Promise<Job | undefined> {
  const job = await findJob(client, jobId, { signal });
  // Someone canceled it, and has not retried the execution since.
  if (job?.status === "canceled" && executionId === context.getExecutionId())
    throw new JobCanceledError({ job });
  return job && chooseResumableJob([job]);
}

async function create(call: OperationCall, plan: RenderPlan, warn: Warn): Promise<Job> {
  const { client, context, itemIndex, bodies, signal } = call;
  const origin = readOrigin(call);
  const from = "slug" in origin ? origin : await openBinarySource(context, itemIndex, origin.binary, bodies);
  const { job } = await call.uploads(() =>
    client.submit(from, { ...plan, until: "created", onEvent: passWarnings(warn), signal }),
  );
  return job;
}

/** Reports the warnings among the events of a submit. */
export function passWarnings(warn: Warn): (event: JobEvent) => void {
  return (event) => {
    if (event.type === "warning") warn(event.message, event.hint);
  };
}

type Origin = { readonly slug: string } | { readonly binary: string | IBinaryData };

function readOrigin(call: OperationCall): Origin {
  const fields = new Fields(call);
  if (fields.choice("from") === "slug") return { slug: fields.slug() };
  return { binary: fields.binary("inputBinaryField") };
}

async function describePlan(call: OperationCall, { settings, frames }: RenderPlan): Promise<SubmitPlan> {
  const { context, itemIndex, client } = call;
  const origin = readOrigin(call);
  const { frameRanges = [], ...others } = buildRenderConfig(settings, frames);
  return {
    scene: "slug" in origin ? origin.slug : await identifyBinary(context, itemIndex, origin.binary),
    frames: frameRanges.join(),
    // Notes do not change the frames, and may contain the time of the try.
    "render settings": JSON.stringify({ ...others, notes: undefined }),
    "base URL": client.options.baseUrl ?? DEFAULT_BASE_URL,
  };
}

/** The names of what is different. */
function compare(earlier: SubmitPlan, wanted: SubmitPlan): (keyof SubmitPlan)[] {
  const names = Object.keys(wanted) as (keyof SubmitPlan)[];
  return names.filter((name) => earlier[name] !== wanted[name]);
}
