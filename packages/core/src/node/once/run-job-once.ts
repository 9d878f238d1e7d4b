import type { RenderClient } from "../../client.ts";
import type { Job } from "../../contract/index.ts";
import { ApiError } from "../../errors/index.ts";
import type { JobEvent } from "../../lifecycle/job-event.ts";
import { chooseResumableJob, findTaggedJobs, tagNotes } from "../../lifecycle/job-tag.ts";
import { type JobResult, type RunJobInput, type RunJobOptions, runJob } from "../../lifecycle/run-job.ts";
import { withEvents } from "../../runtime/with-events.ts";
import type { Source } from "../../scene/source.ts";
import { RunRecord } from "./run-record.ts";

/** Ensures that a render is paid for only once, however often the run is started. */
export interface OnceOptions {
  /** Goes into the render's notes: letters, digits, `_`, `-`. Use the same tag in every attempt, and a new one to render again. */
  readonly tag: string;
  /** A file where the run saves slug and job id before each next step. Its folder is created. */
  readonly recordFile: string;
  /** The job of an earlier attempt, if you know it from elsewhere. */
  readonly jobId?: string | undefined;
}

interface OnceRun {
  readonly client: RenderClient;
  readonly openSource: () => Promise<Source>;
  readonly input: Omit<RunJobInput, "from">;
  readonly once: OnceOptions;
  readonly options: RunJobOptions;
}

type Begun = { readonly jobId: string } | { readonly slug: string } | undefined;

/**
 * `runJob`, continuing where an earlier attempt was interrupted: with its job, else with its upload, else with the job that
 * has the tag, else from the start. Concurrent attempts run one after the other. A job that failed or was canceled is
 * rendered again.
 */
export async function* runJobOnce(run: OnceRun): AsyncGenerator<JobEvent, JobResult> {
  const record = yield* claimRecord(run);
  await using _ = record;
  const signal = run.options.signal ? AbortSignal.any([run.options.signal, record.lost]) : record.lost;
  const settings = { ...run.input.settings, notes: tagNotes(run.input.settings?.notes, run.once.tag) };
  const start = (from: RunJobInput["from"]) =>
    keepRecord(record, runJob(run.client, { ...run.input, settings, from }, { ...run.options, signal }));
  const begun = yield* findBegun(run, record, signal);
  if (begun && "jobId" in begun) return yield* start(begun);
  if (begun) {
    try {
      return yield* start(begun);
    } catch (error) {
      if (record.reached.jobId !== undefined || !isRefusal(error)) throw error;
      yield {
        type: "warning",
        message: "The upload of the earlier attempt is no longer accepted. Uploading again.",
      };
    }
  }
  return yield* start({ source: await run.openSource() });
}

function claimRecord({ client, once, options }: OnceRun): AsyncGenerator<JobEvent, RunRecord> {
  return withEvents<JobEvent, RunRecord>(options.signal, (emit, signal) =>
    RunRecord.claim(once.recordFile, {
      tag: once.tag,
      runtime: client.options.runtime,
      signal,
      onWait: () =>
        emit({
          type: "warning",
          message: "Another process is working on this render. Waiting until it finishes or stops.",
          hint: `It holds the lock ${once.recordFile}.lock.`,
        }),
    }),
  );
}

async function* findBegun(
  run: OnceRun,
  record: RunRecord,
  signal: AbortSignal,
): AsyncGenerator<JobEvent, Begun> {
  const { slug } = record.reached;
  const knownJobId = record.reached.jobId ?? run.once.jobId;
  if (knownJobId === undefined && slug !== undefined) return { slug };
  const job =
    knownJobId === undefined
      ? yield* findTagged(run, signal)
      : chooseResumableJob(await getJobs(run.client, knownJobId, signal));
  if (!job) return undefined;
  await record.note({ jobId: job.id });
  yield { type: "job-attached", jobId: job.id, status: job.status };
  return { jobId: job.id };
}

async function* findTagged(
  { client, once }: OnceRun,
  signal: AbortSignal,
): AsyncGenerator<JobEvent, Job | undefined> {
  const { jobs, isComplete } = await findTaggedJobs(client, (tag) => tag === once.tag, { signal });
  const job = chooseResumableJob(jobs.get(once.tag) ?? []);
  if (!job && !isComplete) yield searchWasCut();
  return job;
}

async function getJobs(client: RenderClient, jobId: string, signal: AbortSignal): Promise<Job[]> {
  try {
    return [await client.jobs.get(jobId, { signal })];
  } catch (error) {
    if (ApiError.isInstance(error) && error.code === "not_found") return [];
    throw error;
  }
}

/** Saves each step before the run continues with the next one. */
async function* keepRecord(
  record: RunRecord,
  events: AsyncGenerator<JobEvent, JobResult>,
): AsyncGenerator<JobEvent, JobResult> {
  try {
    for (;;) {
      const next = await events.next();
      if (next.done) return next.value;
      if (next.value.type === "upload-finished") await record.note({ slug: next.value.slug });
      if (next.value.type === "job-created") await record.note({ jobId: next.value.jobId });
      yield next.value;
    }
  } finally {
    await events.return(undefined as never);
  }
}

function isRefusal(error: unknown): boolean {
  return ApiError.isInstance(error) && ["not_found", "conflict", "invalid_request"].includes(error.code);
}

function searchWasCut(): JobEvent {
  return {
    type: "warning",
    message: "The job list is too long to search completely. An earlier render may have been missed.",
  };
}
