import type { JobState } from "@renderjuice/core";
import { describeCancel, isRenderOver } from "@renderjuice/core/adapter";
import type { JobHandle } from "@renderjuice/core/node";
import type { CommandContext } from "./command-context.ts";
import { EXIT } from "./exit-codes.ts";
import type { FollowOptions } from "./follow-job.ts";
import type { Interrupt, InterruptSignal } from "./interrupt.ts";
import { describeStage } from "./job-stage.ts";
import type { NextSteps } from "./output/output.ts";

/** A cancel that takes longer gets an explanation. */
const QUICK_MS = 3000;

interface LeaveOptions extends FollowOptions {
  readonly interrupt: Interrupt;
  readonly signal: InterruptSignal;
}

/** Stops following a job because the user or the system ends this program. @returns the exit code */
export async function leaveJob(
  context: CommandContext,
  handle: JobHandle,
  options: LeaveOptions,
): Promise<number> {
  const { output, line } = context;
  const places = { out: options.out, contactSheet: options.contactSheet };
  output.close();
  if (handle.jobId !== undefined && (await shouldCancel(handle.state, context, options)))
    return cancel(context, handle, options);
  handle.detach();
  await handle.catch(() => undefined);
  const { state } = handle;
  const { jobId, slug } = state;
  if (jobId === undefined) {
    const next = slug === undefined ? options.startOver : line.resume({ slug }, places);
    output.note(describeWithoutJob(state), next === undefined ? {} : { next });
    return EXIT.interrupted;
  }
  output.note(describeLeft(state), {
    jobId,
    next: line.resume({ jobId }, places),
    cancel: isRenderOver(state) ? undefined : line.other("cancel", [jobId]),
  });
  return EXIT.interrupted;
}

async function cancel(
  { output, line }: CommandContext,
  handle: JobHandle,
  { interrupt }: LeaveOptions,
): Promise<number> {
  const { jobId = "" } = handle;
  const steps: NextSteps = {
    jobId,
    status: line.other("status", [jobId]),
    cancel: line.other("cancel", [jobId]),
  };
  const stopWaiting = interrupt.beforeExit(() => output.note(`Job ${jobId} may still be rendering.`, steps));
  const patience = setTimeout(
    () => output.note(`Canceling job ${jobId}. Waiting until it is certain that it will not start.`),
    QUICK_MS,
  );
  try {
    const outcome = await handle.cancel();
    if (!outcome) return EXIT.interrupted;
    output.note(describeCancel(outcome), outcome.isCertain ? { jobId } : steps);
    return outcome.isCertain ? EXIT.interrupted : EXIT.timedOut;
  } finally {
    clearTimeout(patience);
    stopWaiting();
  }
}

function describeWithoutJob({ phase, slug }: JobState): string {
  if (phase === "creating")
    return 'Stopped while the job was being created. It may exist, but it was not started and is not billed. "renderjuice list" shows it.';
  const next = slug === undefined ? " Continuing starts the upload over." : "";
  return `Stopped. No job was created and nothing is billed.${next}`;
}

function describeLeft(state: JobState): string {
  const { jobId, phase } = state;
  if (isRenderOver(state))
    return `Stopped. Job ${jobId} is complete, and the files downloaded so far are kept.`;
  if (phase === "starting")
    return `Stopped while the render was being started. Job ${jobId} may be rendering.`;
  return phase === "validating"
    ? `Stopped. ${describeStage(state)}`
    : `Detached. Job ${jobId} keeps running.`;
}

async function shouldCancel(
  state: JobState,
  { output }: CommandContext,
  { onInterrupt, signal, interrupt, jobsAtOnce = 1 }: LeaveOptions,
): Promise<boolean> {
  if (isRenderOver(state)) return false;
  if (onInterrupt) return onInterrupt === "cancel";
  const canAsk = signal === "SIGINT" && !output.isJson && process.stdin.isTTY && process.stderr.isTTY;
  // A job that was not started costs nothing.
  if (!canAsk || state.phase === "validating") return false;
  const jobs = jobsAtOnce > 1 ? `the ${jobsAtOnce} jobs` : `job ${state.jobId}`;
  return interrupt.askToCancel(`Cancel ${jobs} on the farm too?`);
}
