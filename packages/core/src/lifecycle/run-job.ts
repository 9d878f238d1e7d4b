import type { RenderClient } from "../client.ts";
import type { Job, RenderConfig } from "../contract/index.ts";
import { hasStarted, hasValidated, renderWarnings } from "../contract/job-status.ts";
import { sceneWarnings } from "../contract/scene-analysis.ts";
import { ConfigError, SceneIncompleteError, withJob } from "../errors/index.ts";
import { toFrameRanges } from "../frame-ranges/index.ts";
import type { CallOptions } from "../http/call-options.ts";
import type { DownloadEvent, DownloadSummary } from "../outputs/download-event.ts";
import type { DownloadRequest } from "../outputs/index.ts";
import { startDeadline } from "../runtime/deadline.ts";
import { orAbort } from "../runtime/or-abort.ts";
import { withEvents } from "../runtime/with-events.ts";
import { preflight, requireComplete } from "../scene/preflight/index.ts";
import { PreflightError } from "../scene/preflight/preflight-error.ts";
import type { Source } from "../scene/source.ts";
import { count } from "../text/format.ts";
import { nameFiles } from "../text/list-names.ts";
import { buildRenderConfig } from "./build-render-config.ts";
import { createJob } from "./create-job.ts";
import { expectedFrames } from "./expected-frames.ts";
import type { JobEvent } from "./job-event.ts";
import { findOtherFrames, findOtherSettings, type OtherSetting } from "./other-settings.ts";
import { uploadSource } from "./upload-source.ts";
import { throwIfFailed, type WaitOptions } from "./wait-for-job.ts";

/** How far to go. */
export const JOB_GOALS = ["created", "validated", "started", "finished", "downloaded"] as const;
/** How far a run goes. */
export type JobGoal = (typeof JOB_GOALS)[number];

export interface RunJobInput {
  /** Where to start: a source to upload, a file that was uploaded before, or an existing job. */
  readonly from: { readonly source: Source } | { readonly slug: string } | { readonly jobId: string };
  /** Such as `"1-24x2"`. @default the scene's own range */
  readonly frames?: string | readonly string[] | undefined;
  readonly settings?: Partial<RenderConfig> | undefined;
}

/** What is known after validation, before anything costs money. */
interface DecisionFacts {
  readonly job: Job;
  /** What validation found in the scene. */
  readonly analysis: Job["analysis"];
  readonly config: RenderConfig;
}

/** What `decide` returns: render, with other settings if you like, or stop before it costs anything. */
export type Decision =
  | { readonly action: "render"; readonly settings?: Partial<RenderConfig> | undefined }
  | { readonly action: "stop"; readonly reason: string };

/**
 * Downloads the files of a job. How, and where to, is up to the host.
 *
 * @internal
 */
export type Downloader = (request: DownloadRequest) => AsyncGenerator<DownloadEvent, DownloadSummary>;

export interface RunJobOptions {
  /** @default "downloaded" if there is a downloader, else "finished" */
  readonly until?: JobGoal | undefined;
  /**
   * Whether to stop before the render if the farm does not find files that the scene uses, and before the upload if files
   * are broken or are Git LFS pointers. @default false
   */
  readonly requireComplete?: boolean | undefined;
  readonly decide?: ((facts: DecisionFacts) => Decision | Promise<Decision>) | undefined;
  readonly download?: Downloader | undefined;
  readonly wake?: WaitOptions["wake"] | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for the whole run. @default no limit */
  readonly deadlineMs?: number | undefined;
}

/** What a run has reached. */
export interface JobResult {
  readonly job: Job;
  readonly reached: JobGoal;
  /** Files that the scene uses and the farm did not find, as named in its analysis. */
  readonly missingFiles: readonly string[];
  /** Why `decide` stopped before the render. */
  readonly stopReason?: string | undefined;
  readonly downloads?: DownloadSummary | undefined;
}

interface Run {
  readonly client: RenderClient;
  readonly input: RunJobInput;
  readonly options: RunJobOptions;
  readonly signal: AbortSignal | undefined;
}

const PACK_HINT =
  "Frames may be incomplete without them. Pack them into the .blend, or submit the folder or .zip that contains them.";

type Step<Result> = AsyncGenerator<JobEvent, Result>;

/**
 * Takes a scene through its whole lifecycle and yields what happens. Every step first checks whether it has already been
 * done, so a run can start with the slug or the job of an earlier one.
 *
 * @throws PreflightError before anything is sent, if the scene cannot work or, with `requireComplete`, lacks files
 * @throws SceneIncompleteError before the render, if `requireComplete` is set and files are missing
 * @throws JobFailedError, JobCanceledError if the job ends that way
 * @throws TimeoutError `deadline_exceeded`; an existing job keeps running
 */
export async function* runJob(
  client: RenderClient,
  input: RunJobInput,
  options: RunJobOptions = {},
): Step<JobResult> {
  const until = options.until ?? (options.download ? "downloaded" : "finished");
  if (until === "downloaded" && !options.download) throw downloaderMissing();
  const config = buildRenderConfig(input.settings, input.frames);
  let job: Job | undefined;
  const jobId = () => job?.id ?? ("jobId" in input.from ? input.from.jobId : undefined);
  const deadline = startDeadline({
    runtime: client.options.runtime,
    operation: "submit",
    deadlineMs: options.deadlineMs,
    signal: options.signal,
    hint: () => leftBehind(jobId()),
  });
  const run: Run = { client, input, options, signal: deadline.signal };
  try {
    job = yield* obtainJob(run, config);
    if (until === "created") return { job, reached: "created", missingFiles: [] };
    job = yield* validateStep(run, job);
    const missingFiles = job.analysis?.missingFiles ?? [];
    yield* completenessStep(run, job, missingFiles);
    if (until === "validated") return { job, reached: "validated", missingFiles };
    const decision = await decide(run, job, config);
    if (decision.action === "stop")
      return { job, reached: "validated", missingFiles, stopReason: decision.reason };
    const wasStarted = hasStarted(job);
    job = yield* renderStep(run, job, { ...config, ...decision.settings });
    if (until === "started") return { job, reached: "started", missingFiles };
    job = yield* waitStep(run, job, "finished");
    yield { type: "job-finished", jobId: job.id, job };
    for (const message of renderWarnings(job)) yield { type: "warning", message };
    const isDownloaded = until !== "finished" && options.download;
    const downloads = isDownloaded ? yield* downloadStep(run, job, isDownloaded, { wasStarted }) : undefined;
    // Repeated at the end, so that it is not missed in the output of a long render.
    if (missingFiles.length > 0) yield renderedWithout(job.id, missingFiles);
    return {
      job,
      reached: downloads ? "downloaded" : "finished",
      missingFiles,
      downloads,
    };
  } catch (error) {
    const about = job ?? jobId();
    throw about === undefined ? error : withJob(error, about);
  } finally {
    deadline.stop();
  }
}

function leftBehind(jobId: string | undefined): string {
  return jobId === undefined
    ? "If a job was created, it is not rendered and costs nothing. Submit again with more time."
    : `Job ${jobId} keeps running. Continue with it by its id, or cancel it.`;
}

async function* obtainJob(run: Run, config: RenderConfig): Step<Job> {
  const { from } = run.input;
  if ("jobId" in from) return run.client.jobs.get(from.jobId, run.signal && { signal: run.signal });
  const slug = "slug" in from ? from.slug : yield* uploadStep(run, from.source, config);
  return yield* createStep(run, slug);
}

async function* uploadStep(run: Run, source: Source, config: RenderConfig): Step<string> {
  const found = preflight({ ...(await source.readFacts()), config });
  const report = run.options.requireComplete ? requireComplete(found) : found;
  yield { type: "preflight-finished", report };
  if (!report.isOk) throw new PreflightError({ issues: report.issues });
  yield { type: "upload-started", fileName: source.fileName, sizeBytes: source.sizeBytes };
  const slug = yield* withCalls(run, (call, emit) =>
    uploadSource(run.client, source, {
      ...call,
      onProgress: (sentBytes, totalBytes) => emit({ type: "upload-progressed", sentBytes, totalBytes }),
      onTargetRenewed: () =>
        emit({ type: "warning", message: "The upload URL had expired. Using a new one." }),
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
  // Also with an unknown status: if it has been done already, the server refuses, which is fine.
  if (job.status !== "validating") {
    yield { type: "validate-started", jobId: job.id };
    yield* withCalls(run, (call) => run.client.jobs.validate(job.id, call));
  }
  const validated = yield* waitStep(run, job, "validated");
  yield { type: "job-validated", jobId: job.id, analysis: validated.analysis };
  return validated;
}

/** Reports missing files before anything costs money. */
async function* completenessStep(run: Run, job: Job, missingFiles: readonly string[]): Step<void> {
  if (hasStarted(job)) return;
  for (const message of sceneWarnings(job.analysis)) yield { type: "warning", message };
  if (missingFiles.length === 0) return;
  const message = `The farm did not find ${count(missingFiles.length, "file")} that the scene uses: ${nameFiles(missingFiles)}.`;
  if (run.options.requireComplete) throw new SceneIncompleteError({ job, missingFiles, message });
  yield { type: "warning", message, hint: PACK_HINT, missingFiles };
}

/** @throws ConfigError for a decision that cannot be understood */
async function decide(run: Run, job: Job, config: RenderConfig): Promise<Decision> {
  if (!run.options.decide || hasStarted(job)) return { action: "render" };
  const decision = await orAbort(run.options.decide({ job, analysis: job.analysis, config }), run.signal);
  // A typo must not start a render.
  if (decision?.action === "render" || decision?.action === "stop") return decision;
  throw new ConfigError({
    code: "invalid_option",
    option: "decide",
    message: "`decide` returned neither a render nor a stop. Nothing was rendered.",
    hint: 'Return { action: "render" }, or { action: "stop", reason: "…" }.',
  });
}

async function* renderStep(run: Run, job: Job, config: RenderConfig): Step<Job> {
  if (hasStarted(job)) {
    const others = findOtherSettings(job, askedSettings(run.input));
    if (others.length > 0) yield otherSettingsWarning(job, others);
    return job;
  }
  yield { type: "render-started", jobId: job.id, config };
  const started = yield* withCalls(run, (call) => run.client.jobs.startRender(job.id, config, call));
  // The server responds with the current job, even if it was started before and has ended.
  throwIfFailed(started.job);
  yield { type: "render-accepted", jobId: job.id, wasReplayed: started.wasReplayed };
  return started.job;
}

async function* waitStep(run: Run, job: Job, until: "validated" | "finished"): Step<Job> {
  let lastStatus = job.status;
  return yield* withCalls(run, (call, emit) =>
    run.client.jobs.waitFor(job.id, {
      ...call,
      until,
      wake: run.options.wake,
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

async function* downloadStep(
  run: Run,
  job: Job,
  download: Downloader,
  { wasStarted }: { readonly wasStarted: boolean },
): Step<DownloadSummary> {
  const frames = expectedFrames(job, run.input.frames ?? run.input.settings?.frameRanges);
  const onlyFrames = wasStarted ? findOtherFrames(job, askedSettings(run.input)) : undefined;
  return yield* download({
    client: run.client,
    job,
    expectedFrames: frames,
    onlyFrames,
    jobFrames: onlyFrames && expectedFrames(job),
    signal: run.signal,
  });
}

/** Runs calls so that their retries appear among the job's events. */
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
    message: `The response to the first "create job" was lost, so the job was created again. There may be a second job${which}.`,
    hint: "It was never started and is not billed. Cancel it if you want to keep the list tidy.",
  };
}

function renderedWithout(jobId: string, missingFiles: readonly string[]): JobEvent {
  return {
    type: "warning",
    message: `Job ${jobId} was rendered without ${count(missingFiles.length, "file")} that the scene uses: ${nameFiles(missingFiles)}.`,
    hint: "Check the frames before you use them: missing files often show as pink, black or empty areas.",
    missingFiles,
  };
}

function askedSettings({ settings, frames }: RunJobInput): Partial<RenderConfig> {
  return { ...settings, ...(frames !== undefined && { frameRanges: toFrameRanges(frames) }) };
}

/** Names each setting as the user did. */
function otherSettingsWarning({ id, status }: Job, others: readonly OtherSetting[]): JobEvent {
  const started = others.map(({ name, started }) =>
    started === undefined ? `the scene's own ${name}` : `${name} ${started}`,
  );
  const asked = nameList(others.map((other) => `${other.name} ${other.asked}`));
  return {
    type: "warning",
    message: `Job ${id} was already ${status === "completed" ? "rendered" : "started"} with ${nameList(started)}; requesting ${asked} has no effect on it.`,
    hint: `To render ${others.some(({ name }) => name !== "frames") ? `with ${asked}` : asked}, submit the scene again.`,
  };
}

/** `a`, `a and b`, `a, b and c` */
function nameList(words: readonly string[]): string {
  return [words.slice(0, -1).join(", "), ...words.slice(-1)].filter((part) => part !== "").join(" and ");
}

function suspendedWarning(jobId: string): JobEvent {
  return {
    type: "warning",
    message: `Job ${jobId} is suspended. It may stay suspended until someone acts.`,
    hint: "Check the job and the studio's remaining GPU minutes in the Renderjuice dashboard.",
  };
}

function downloaderMissing(): ConfigError {
  return new ConfigError({
    code: "invalid_option",
    option: "until",
    message: '`until: "downloaded"` needs a folder to download to.',
    hint: 'Set `download`, or use `until: "finished"`.',
  });
}
