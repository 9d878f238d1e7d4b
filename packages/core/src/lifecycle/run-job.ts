import type { CallOptions } from "../call-options.ts";
import type { RenderClient } from "../client.ts";
import { startDeadline } from "../deadline.ts";
import { ConfigError, PreflightError } from "../errors/index.ts";
import type { DownloadRequest } from "../outputs/index.ts";
import { preflight } from "../preflight/index.ts";
import type { Job, RenderConfig } from "../schemas/index.ts";
import type { Source } from "../source.ts";
import { withEvents } from "../with-events.ts";
import { buildRenderConfig } from "./build-render-config.ts";
import { createJob } from "./create-job.ts";
import { expectedFrames } from "./expected-frames.ts";
import type { DownloadEvent, DownloadSummary, JobEvent } from "./job-event.ts";
import { hasStarted, hasValidated, renderWarnings } from "./status.ts";
import { uploadSource } from "./upload-source.ts";
import { throwIfFailed, type WaitOptions } from "./wait-for-job.ts";

/** How far to go. */
export type JobGoal = "created" | "validated" | "started" | "finished" | "downloaded";

export interface RunJobInput {
  /** Where to begin: a source to upload, a file uploaded before, or a job made before. */
  readonly from: { readonly source: Source } | { readonly slug: string } | { readonly jobId: string };
  /** Such as `"1-24x2"`. @default the scene's own range */
  readonly frames?: string | readonly string[];
  readonly settings?: Partial<RenderConfig>;
}

/** What is known between validation and the first cent. */
export interface DecisionFacts {
  readonly job: Job;
  /** The server's findings, as it sent them. */
  readonly analysis: unknown;
  readonly config: RenderConfig;
}

export type Decision =
  | { readonly action: "render"; readonly settings?: Partial<RenderConfig> }
  | { readonly action: "stop"; readonly reason: string };

/** Fetches what a job has made; how and where to is the host's business. */
export type Downloader = (request: DownloadRequest) => AsyncGenerator<DownloadEvent, DownloadSummary>;

export interface RunJobOptions {
  /** @default "downloaded" when there is a downloader, else "finished" */
  readonly until?: JobGoal;
  readonly decide?: (facts: DecisionFacts) => Decision | Promise<Decision>;
  readonly download?: Downloader;
  readonly wake?: WaitOptions["wake"];
  readonly signal?: AbortSignal;
  /** Milliseconds for everything. @default no limit */
  readonly deadlineMs?: number;
}

export interface JobResult {
  readonly job: Job;
  readonly reached: JobGoal;
  /** Why `decide` stopped before the render. */
  readonly stopReason?: string;
  readonly downloads?: DownloadSummary;
}

interface Run {
  readonly client: RenderClient;
  readonly input: RunJobInput;
  readonly options: RunJobOptions;
  readonly signal: AbortSignal | undefined;
}

type Step<Result> = AsyncGenerator<JobEvent, Result>;

/**
 * Takes a scene through its whole life and yields what happens. Every step looks first whether it has been done, so a
 * run may begin with the slug or the job of an earlier one.
 *
 * @throws PreflightError before anything is sent, when the scene cannot work.
 * @throws JobFailedError, JobCanceledError when the job ends that way.
 * @throws TimeoutError `deadline_exceeded`; a job that exists goes on.
 */
export async function* runJob(
  client: RenderClient,
  input: RunJobInput,
  options: RunJobOptions = {},
): Step<JobResult> {
  const until = options.until ?? (options.download ? "downloaded" : "finished");
  if (until === "downloaded" && !options.download) throw downloaderMissing();
  const config = buildRenderConfig(input.settings, input.frames);
  const deadline = startDeadline({
    runtime: client.options.runtime,
    operation: "run job",
    deadlineMs: options.deadlineMs,
    signal: options.signal,
    hint: "A job that was created goes on. Attach to it by its id, or cancel it.",
  });
  const run: Run = { client, input, options, signal: deadline.signal };
  try {
    let job = yield* obtainJob(run, config);
    if (until === "created") return { job, reached: "created" };
    job = yield* validateStep(run, job);
    if (until === "validated") return { job, reached: "validated" };
    const decision = await decide(run, job, config);
    if (decision.action === "stop") return { job, reached: "validated", stopReason: decision.reason };
    job = yield* renderStep(run, job, { ...config, ...decision.settings });
    if (until === "started") return { job, reached: "started" };
    job = yield* waitStep(run, job, "finished");
    yield { type: "job-finished", jobId: job.id, job };
    for (const message of renderWarnings(job)) yield { type: "warning", message };
    if (until === "finished" || !options.download) return { job, reached: "finished" };
    const downloads = yield* downloadStep(run, job, options.download);
    return { job, reached: "downloaded", downloads };
  } finally {
    deadline.stop();
  }
}

async function* obtainJob(run: Run, config: RenderConfig): Step<Job> {
  const { from } = run.input;
  if ("jobId" in from) return run.client.jobs.get(from.jobId, run.signal && { signal: run.signal });
  const slug = "slug" in from ? from.slug : yield* uploadStep(run, from.source, config);
  return yield* createStep(run, slug);
}

async function* uploadStep(run: Run, source: Source, config: RenderConfig): Step<string> {
  const report = preflight({ ...(await source.readFacts()), config });
  yield { type: "preflight-finished", report };
  if (!report.isOk) throw new PreflightError({ issues: report.issues });
  yield { type: "upload-started", fileName: source.fileName, sizeBytes: source.sizeBytes };
  const slug = yield* withCalls(run, (call, emit) =>
    uploadSource(run.client, source, {
      ...call,
      onProgress: (sentBytes, totalBytes) => emit({ type: "upload-progressed", sentBytes, totalBytes }),
      onTargetRenewed: () =>
        emit({ type: "warning", message: "The upload URL had expired; a new one is used." }),
    }),
  );
  yield { type: "upload-finished", slug };
  return slug;
}

async function* createStep(run: Run, slug: string): Step<Job> {
  yield { type: "create-started", slug };
  const { job, lostAnswer } = yield* withCalls(run, (call) => createJob(run.client, slug, call));
  if (lostAnswer) yield lostAnswerWarning(lostAnswer.candidates);
  yield { type: "job-created", jobId: job.id };
  return job;
}

async function* validateStep(run: Run, job: Job): Step<Job> {
  throwIfFailed(job);
  if (hasValidated(job)) return job;
  // Also with a status that is not known: the server refuses what has been done, and that is fine.
  if (job.status !== "validating") {
    yield { type: "validate-started", jobId: job.id };
    yield* withCalls(run, (call) => run.client.jobs.validate(job.id, call));
  }
  const validated = yield* waitStep(run, job, "validated");
  yield { type: "job-validated", jobId: job.id, analysis: validated.analysis };
  return validated;
}

async function decide(run: Run, job: Job, config: RenderConfig): Promise<Decision> {
  if (!run.options.decide || hasStarted(job)) return { action: "render" };
  return run.options.decide({ job, analysis: job.analysis, config });
}

async function* renderStep(run: Run, job: Job, config: RenderConfig): Step<Job> {
  if (hasStarted(job)) return job;
  yield { type: "render-started", jobId: job.id, config };
  const started = yield* withCalls(run, (call) => run.client.jobs.startRender(job.id, config, call));
  yield { type: "render-accepted", jobId: job.id, wasReplayed: started.wasReplayed };
  return started.job;
}

async function* waitStep(run: Run, job: Job, until: "validated" | "finished"): Step<Job> {
  let lastStatus = job.status;
  return yield* withCalls(run, (call, emit) =>
    run.client.jobs.waitFor(job.id, {
      ...call,
      until,
      ...(run.options.wake && { wake: run.options.wake }),
      onUpdate: ({ status }) => {
        if (status === lastStatus) return;
        lastStatus = status;
        emit({ type: "status-changed", jobId: job.id, status });
        if (status === "suspended") emit(suspendedWarning(job.id));
      },
      ...(until === "finished" && {
        onProgress: ({ raw: _, ...counters }) =>
          emit({ type: "render-progressed", ...counters, jobId: job.id }),
      }),
    }),
  );
}

async function* downloadStep(run: Run, job: Job, download: Downloader): Step<DownloadSummary> {
  const frames = expectedFrames(job, run.input.frames ?? run.input.settings?.frameRanges);
  return yield* download({
    client: run.client,
    job,
    expectedFrames: frames,
    ...(run.signal && { signal: run.signal }),
  });
}

/** Runs calls so that their retries show among the job's events. */
function withCalls<Result>(
  run: Run,
  task: (call: CallOptions, emit: (event: JobEvent) => void) => Promise<Result>,
): Step<Result> {
  return withEvents<JobEvent, Result>(run.signal, (emit, signal) => {
    const onEvent: CallOptions["onEvent"] = (event) => {
      if (event.type === "retry-scheduled") emit(event);
    };
    return task({ signal, onEvent }, emit);
  });
}

function lostAnswerWarning(candidates: readonly string[]): JobEvent {
  const which = candidates.length > 0 ? `: one of ${candidates.join(", ")}` : "";
  return {
    type: "warning",
    message: `The answer to the first "create job" was lost, so the job was created again. A second job may exist${which}.`,
    hint: "It was never started and is not billed. Cancel it if you want a tidy list.",
  };
}

function suspendedWarning(jobId: string): JobEvent {
  return {
    type: "warning",
    message: `Job ${jobId} is suspended; it may stay so until somebody acts.`,
    hint: "Look at the job and at the studio's remaining GPU minutes in the Renderjuice dashboard.",
  };
}

function downloaderMissing(): ConfigError {
  return new ConfigError({
    code: "invalid_option",
    option: "until",
    message: 'until: "downloaded" needs a downloader.',
    hint: "Pass `download`, or stop at `finished`.",
  });
}
