import { describeCancel } from "@renderjuice/core/adapter";
import type { CommandContext } from "./command-context.ts";
import { EXIT } from "./exit-codes.ts";
import type { Followed, FollowOptions } from "./follow-job.ts";
import type { Interrupt, InterruptSignal } from "./interrupt.ts";
import { describeStage } from "./job-stage.ts";
import type { NextSteps } from "./output/output.ts";

/** A cancel that takes longer is explained. */
const QUICK_MS = 3000;

interface LeaveOptions extends FollowOptions {
  readonly interrupt: Interrupt;
  readonly signal: InterruptSignal;
}

/** Stops following a job because the user, or the system, wants this program to end. @returns the exit code */
export async function leaveJob(
  context: CommandContext,
  followed: Followed,
  options: LeaveOptions,
): Promise<number> {
  const { output, line } = context;
  const { handle } = followed;
  const places = { out: options.out, contactSheet: options.contactSheet };
  output.close();
  if (handle.jobId !== undefined && (await shouldCancel(handle.jobId, context, followed, options)))
    return cancel(context, followed, options);
  handle.detach();
  await handle.result.catch(() => undefined);
  const { jobId } = handle;
  const { slug, stage } = followed;
  if (jobId === undefined) {
    const next = slug === undefined ? options.startOver : line.goOn({ slug }, places);
    output.note(describeWithoutJob(followed), next === undefined ? {} : { next });
    return EXIT.interrupted;
  }
  output.note(describeLeft(followed, jobId), {
    jobId,
    next: line.goOn({ jobId }, places),
    ...(stage !== "over" && { cancel: line.other("cancel", [jobId]) }),
  });
  return EXIT.interrupted;
}

async function cancel(
  { output, line }: CommandContext,
  { handle }: Followed,
  { interrupt }: LeaveOptions,
): Promise<number> {
  const { jobId = "" } = handle;
  const steps: NextSteps = {
    jobId,
    status: line.other("status", [jobId]),
    cancel: line.other("cancel", [jobId]),
  };
  const stopWaiting = interrupt.beforeExit(() => output.note(`Job ${jobId} may still render.`, steps));
  const patience = setTimeout(
    () => output.note(`Canceling job ${jobId}: a start that is on its way is watched until it is over.`),
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

function describeWithoutJob({ stage, slug }: Followed): string {
  if (stage === "creating")
    return "Stopped while the job was being created. It may exist, but was not started and is not billed: see renderjuice list.";
  const whatComes = slug === undefined ? " Going on starts the upload over." : "";
  return `Stopped. No job was created and nothing is billed.${whatComes}`;
}

function describeLeft({ stage }: Followed, jobId: string): string {
  if (stage === "over") return `Stopped. Job ${jobId} is complete and what has arrived is kept.`;
  if (stage === "starting")
    return `Stopped while the render was being started: job ${jobId} may be rendering.`;
  return stage === "idle" ? `Stopped. ${describeStage(stage, jobId)}` : `Detached: job ${jobId} goes on.`;
}

async function shouldCancel(
  jobId: string,
  { output }: CommandContext,
  { stage }: Followed,
  { onInterrupt, signal, interrupt, jobsAtOnce = 1 }: LeaveOptions,
): Promise<boolean> {
  if (stage === "over") return false;
  if (onInterrupt) return onInterrupt === "cancel";
  const canAsk = signal === "SIGINT" && !output.isJson && process.stdin.isTTY && process.stderr.isTTY;
  // What was not started costs nothing: not worth a question.
  if (!canAsk || stage === "idle") return false;
  const jobs = jobsAtOnce > 1 ? `the ${jobsAtOnce} jobs` : `job ${jobId}`;
  return interrupt.askToCancel(`Cancel ${jobs} on the farm too?`);
}
