import {
  ConfigError,
  type DownloadSummary,
  type JobEvent,
  type JobResult,
  type JobState,
  RenderjuiceError,
} from "@renderjuice/core";
import {
  compactFrames,
  describeShortfall,
  foreignLine,
  isComplete,
  isRenderOver,
  listAnalysis,
  wasStartRefused,
} from "@renderjuice/core/adapter";
import type { JobHandle } from "@renderjuice/core/node";
import type { CommandContext } from "./command-context.ts";
import { describeFiles, drawSheet } from "./contact-sheet.ts";
import { EXIT, exitCodeOf } from "./exit-codes.ts";
import { type Interrupt, listenForInterrupt } from "./interrupt.ts";
import { describeStage } from "./job-stage.ts";
import { leaveJob } from "./leave-job.ts";
import type { NextSteps, Output } from "./output/output.ts";
import { rememberJob } from "./output/standard-streams.ts";

export interface FollowOptions {
  readonly onInterrupt?: "cancel" | "detach" | undefined;
  readonly out?: string | undefined;
  readonly contactSheet?: string | undefined;
  /** The command line that renders some frames of the scene again. */
  readonly renderAgain?: ((frames: string) => string) | undefined;
  /** The command line that starts over, with the upload. */
  readonly startOver?: string | undefined;
  /** How many jobs are followed at the same time. @default 1 */
  readonly jobsAtOnce?: number | undefined;
}

/** Shows what happens to a job until it is where it should be. @returns the exit code */
export async function followJob(
  context: CommandContext,
  handle: JobHandle,
  options: FollowOptions,
): Promise<number> {
  const interrupt = listenForInterrupt();
  return followUntil(interrupt, context, handle, options).finally(interrupt.stop);
}

/** The same for one of several jobs, which share an interrupt. */
export async function followUntil(
  interrupt: Interrupt,
  context: CommandContext,
  handle: JobHandle,
  options: FollowOptions,
): Promise<number> {
  const follow = async () => {
    for await (const event of handle) {
      if (handle.jobId !== undefined) rememberJob(handle.jobId);
      // While the user answers a question, other output would garble it.
      if (!interrupt.isReceived) context.output.event(event, stepsAt(event, context, options));
    }
    return await handle;
  };
  try {
    const outcome = await Promise.race([follow(), interrupt.received]);
    if (typeof outcome === "string")
      return await leaveJob(context, handle, { ...options, interrupt, signal: outcome });
    return await report(context, outcome, options);
  } catch (error) {
    const exitCode = exitCodeOf(error);
    context.output.error(error, exitCode, stepsAfter(error, context, handle.state, options));
    return exitCode;
  }
}

/** For programs that read the events and may be killed at any moment. */
function stepsAt(event: JobEvent, { line }: CommandContext, { out, contactSheet }: FollowOptions): NextSteps {
  const places = { out, contactSheet };
  if (event.type === "upload-finished") return { next: line.resume({ slug: event.slug }, places) };
  return event.type === "job-created" ? { next: line.resume({ jobId: event.jobId }, places) } : {};
}

async function report(
  { output, line }: CommandContext,
  result: JobResult,
  options: FollowOptions,
): Promise<number> {
  const { job, reached, downloads, missingFiles } = result;
  const data = {
    ...{ jobId: job.id, status: job.status, reached },
    missingFiles: missingFiles.length > 0 ? missingFiles : undefined,
    downloads,
    analysis: reached === "validated" ? job.analysis : undefined,
  };
  const { out, contactSheet } = options;
  const sheet = downloads && (await drawSheet(downloads, contactSheet));
  output.result(
    describeResult(result, sheet),
    { ...data, contactSheet: sheet },
    { next: nextAfter(result, line, { out, contactSheet }) },
  );
  if (!downloads || isComplete(downloads)) return EXIT.ok;
  warnOfShortfall(output, job.id, downloads, {
    renderAgain: options.renderAgain,
    fetchAgain: () => line.resume({ jobId: job.id }, { out, contactSheet }),
  });
  return EXIT.framesMissing;
}

function nextAfter(
  { job, reached }: JobResult,
  line: CommandContext["line"],
  places: Pick<FollowOptions, "out" | "contactSheet">,
): string | undefined {
  if (reached === "downloaded") return undefined;
  if (reached !== "finished") return line.rest(job.id, places);
  // A folder named after the job is not used by any other.
  return line.other("download", [job.id], { ...places, out: places.out ?? job.id });
}

/** Frames that the farm does not have must be rendered again; failed downloads only need to be repeated. */
function warnOfShortfall(
  output: Output,
  jobId: string,
  downloads: DownloadSummary,
  { renderAgain, fetchAgain }: Pick<FollowOptions, "renderAgain"> & { fetchAgain: () => string },
): void {
  const { missingFrames } = downloads;
  for (const { message, hint } of describeShortfall({ ...downloads, failedFiles: [] }))
    output.warning(`Job ${jobId}: ${message}`, hint, {
      next: renderAgain?.(compactFrames(missingFrames)),
    });
  for (const { message, hint } of describeShortfall({ ...downloads, missingFrames: [] }))
    output.warning(`Job ${jobId}: ${message}`, hint, { next: fetchAgain() });
}

function describeResult({ job, reached, downloads }: JobResult, sheet: string | undefined): string {
  if (downloads) return describeFiles(downloads, sheet);
  if (reached === "finished") return `Job ${job.id} is complete.`;
  if (reached === "started") return `Job ${job.id} is rendering.`;
  if (reached === "validated") return `Job ${job.id} is validated.\n${listAnalysis(job.analysis)}`;
  return `Job ${job.id} is ${foreignLine(job.status)}.`;
}

/** What to run next after an error on our side of a job. */
function stepsAfter(
  error: unknown,
  { line }: CommandContext,
  state: JobState,
  { out, contactSheet, startOver }: FollowOptions,
): NextSteps {
  const { jobId, slug, phase } = state;
  const places = { out, contactSheet };
  // Nothing was sent, so the job, if there is one, is unchanged.
  if (ConfigError.isInstance(error) && phase === "unknown") return {};
  const code = RenderjuiceError.isInstance(error) ? error.code : undefined;
  if (code === "job_failed" || code === "job_canceled" || code === "not_found") return { jobId };
  if (jobId === undefined) {
    if (slug !== undefined) return { next: line.resume({ slug }, places) };
    const mayWork = RenderjuiceError.isInstance(error) && error.isRetryable;
    return mayWork && startOver !== undefined ? { next: startOver } : {};
  }
  if (code === "scene_incomplete")
    return {
      jobId,
      about: "To render without them, run the command below.",
      next: line.resume({ jobId }, { ...places, requireComplete: undefined }),
    };
  const wasRefused = wasStartRefused(error);
  return {
    jobId,
    about: describeStage(wasRefused ? { ...state, phase: "validating" } : state),
    // An invalid request would be refused again.
    next: wasRefused && code === "invalid_request" ? undefined : line.resume({ jobId }, places),
    cancel: isRenderOver(state) ? undefined : line.other("cancel", [jobId]),
  };
}
