import { type Job, JobCanceledError, type SubmitOptions } from "@renderjuice/core";
import {
  buildRenderConfig,
  chooseResumableJob,
  DEFAULT_BASE_URL,
  NotFoundError,
} from "@renderjuice/core/adapter";
import type { IBinaryData } from "n8n-workflow";
import { identifyBinary, openBinarySource } from "../shared/binary-source.ts";
import { Fields } from "../shared/fields-of-item.ts";
import type { OperationCall } from "../shared/operation.ts";
import type { SubmitPlan, SubmittedJob } from "../shared/submitted-jobs.ts";

export type RenderPlan = Pick<SubmitOptions, "frames" | "settings">;

export interface ObtainedJob {
  readonly job: Job;
  readonly wasTakenUp: boolean;
  /** What there is to tell about the job of an earlier try. */
  readonly note?: string | undefined;
}

/** After a retry by n8n the job of the try before is taken up, when it is for the same render and not lost. */
export async function createOrTakeUp(call: OperationCall, plan: RenderPlan): Promise<ObtainedJob> {
  const wanted = await describePlan(call, plan);
  const earlier = call.submittedJobs.get(call.itemIndex);
  const differences = earlier ? compare(earlier.plan, wanted) : [];
  if (earlier && differences.length === 0) {
    const job = await findAlive(call, earlier);
    if (job) return { job, wasTakenUp: true, note: `Job ${job.id} of an earlier try was taken up.` };
  }
  const job = await create(call, plan);
  call.submittedJobs.set(call.itemIndex, {
    jobId: job.id,
    executionId: call.context.getExecutionId(),
    plan: wanted,
  });
  if (!earlier || differences.length === 0) return { job, wasTakenUp: false };
  const note = `Job ${earlier.jobId} of an earlier try differs in its ${differences.join(", ")}, so a new job was made. If it was started, it goes on and is billed: cancel it when it is not wanted.`;
  return { job, wasTakenUp: false, note };
}

async function findAlive(
  { client, context, signal }: OperationCall,
  { jobId, executionId }: SubmittedJob,
): Promise<Job | undefined> {
  const job = await client.jobs.get(jobId, { signal }).catch((error) => {
    if (NotFoundError.isInstance(error)) return undefined;
    throw error;
  });
  // Somebody did not want it, and has not changed their mind: that is, has not retried the execution.
  if (job?.status === "canceled" && executionId === context.getExecutionId())
    throw new JobCanceledError({ job });
  return job && chooseResumableJob([job]);
}

async function create(call: OperationCall, plan: RenderPlan): Promise<Job> {
  const { client, context, itemIndex, bodies, signal } = call;
  const origin = readOrigin(call);
  const from = "slug" in origin ? origin : await openBinarySource(context, itemIndex, origin.binary, bodies);
  const { job } = await call.uploads(() => client.submit(from, { ...plan, until: "created", signal }));
  return job;
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
    // Notes change nothing in the frames, and may hold the time of the try.
    "render settings": JSON.stringify({ ...others, notes: undefined }),
    "base URL": client.options.baseUrl ?? DEFAULT_BASE_URL,
  };
}

/** Names what is not the same. */
function compare(earlier: SubmitPlan, wanted: SubmitPlan): (keyof SubmitPlan)[] {
  const names = Object.keys(wanted) as (keyof SubmitPlan)[];
  return names.filter((name) => earlier[name] !== wanted[name]);
}
