import {
  count,
  describeCancel,
  describeShortfall,
  isComplete,
  type JobEvent,
  type JobResult,
  listAnalysis,
  RenderjuiceError,
} from "@renderjuice/core";
import { createContactSheet, type JobHandle } from "@renderjuice/core/node";
import type { CommandContext } from "./command-context.ts";
import { EXIT, exitCodeOf } from "./exit-codes.ts";
import { type Interrupt, type InterruptSignal, listenForInterrupt } from "./interrupt.ts";

export interface FollowOptions {
  readonly onInterrupt?: "cancel" | "detach" | undefined;
  readonly out?: string | undefined;
  readonly contactSheet?: string | undefined;
  /** How many are followed side by side. @default 1 */
  readonly jobsAtOnce?: number | undefined;
}

interface LeaveOptions extends FollowOptions {
  readonly interrupt: Interrupt;
  readonly signal: InterruptSignal;
}

/** Shows what happens to a job until it has got where it should. @returns the exit code */
export async function followJob(
  context: CommandContext,
  handle: JobHandle,
  options: FollowOptions,
): Promise<number> {
  const interrupt = listenForInterrupt();
  return followUntil(interrupt, context, handle, options).finally(interrupt.stop);
}

/** The same for one job of several, which share an interrupt. */
export async function followUntil(
  interrupt: Interrupt,
  context: CommandContext,
  handle: JobHandle,
  options: FollowOptions,
): Promise<number> {
  let last: JobEvent | undefined;
  const follow = async () => {
    for await (const event of handle) {
      last = event;
      context.output.event(event);
    }
    return handle.result;
  };
  try {
    const outcome = await Promise.race([follow(), interrupt.received]);
    if (typeof outcome === "string")
      return await leave(context, handle, last, { ...options, interrupt, signal: outcome });
    return await report(context, outcome, options);
  } catch (error) {
    const exitCode = exitCodeOf(error);
    context.output.error(error, exitCode, adviseAfter(error, handle.jobId, options));
    return exitCode;
  }
}

async function report(
  { output }: CommandContext,
  result: JobResult,
  options: FollowOptions,
): Promise<number> {
  const { job, reached, downloads } = result;
  const data = { jobId: job.id, status: job.status, reached, ...(downloads && { downloads }) };
  if (options.contactSheet && downloads) await writeSheet(downloads.files, options.contactSheet);
  if (reached === "validated") {
    output.result(`Job ${job.id} is validated.\n${listAnalysis(job.analysis)}`, {
      ...data,
      analysis: job.analysis,
    });
    return EXIT.ok;
  }
  output.result(describeResult(result), data);
  if (!downloads || isComplete(downloads)) return EXIT.ok;
  for (const { message, hint } of describeShortfall(downloads))
    output.warning(`Job ${job.id}: ${message}`, hint);
  return EXIT.framesMissing;
}

function describeResult({ job, reached, downloads }: JobResult): string {
  if (downloads) return `${count(downloads.files.length, "file")} in ${downloads.outDir}`;
  if (reached === "finished")
    return `Job ${job.id} is complete. Fetch it: renderjuice download ${job.id} --out FOLDER`;
  if (reached === "started") return `Job ${job.id} is rendering. Wait for it: renderjuice wait ${job.id}`;
  return `Job ${job.id} is ${job.status}.`;
}

async function writeSheet(
  files: readonly { path: string; frame?: number }[],
  outFile: string,
): Promise<void> {
  const frames = files.filter(({ frame }) => frame !== undefined).map(({ path }) => path);
  if (frames.length > 0) await createContactSheet({ files: frames, outFile });
}

async function leave(
  { output }: CommandContext,
  handle: JobHandle,
  last: JobEvent | undefined,
  options: LeaveOptions,
): Promise<number> {
  handle.detach();
  await handle.result.catch(() => undefined);
  output.close();
  const { jobId } = handle;
  if (jobId === undefined) {
    output.note(describeWithoutJob(last));
  } else if (isOver(last)) {
    output.note(
      `Stopped. Job ${jobId} is complete and what has arrived is kept. Go on: ${downloadCommand(jobId, options)}`,
    );
  } else if (await shouldCancel(jobId, output.isJson, options)) {
    const outcome = await handle.cancel();
    if (outcome) output.note(describeCancel(outcome));
  } else {
    output.note(`Detached: job ${jobId} goes on. ${commandsFor(jobId)}`);
  }
  return EXIT.interrupted;
}

function describeWithoutJob(last: JobEvent | undefined): string {
  return last?.type === "create-started"
    ? "Stopped while the job was being created. It may exist, but was not started and is not billed: see renderjuice list."
    : "Stopped. No job was created and nothing is billed.";
}

function isOver(last: JobEvent | undefined): boolean {
  return ["job-finished", "download-started", "file-progressed", "file-finished", "file-failed"].includes(
    last?.type ?? "",
  );
}

async function shouldCancel(
  jobId: string,
  isJson: boolean,
  { onInterrupt, signal, interrupt, jobsAtOnce = 1 }: LeaveOptions,
): Promise<boolean> {
  if (onInterrupt) return onInterrupt === "cancel";
  const canAsk = signal === "SIGINT" && !isJson && process.stdin.isTTY && process.stderr.isTTY;
  if (!canAsk) return false;
  const jobs = jobsAtOnce > 1 ? `the ${jobsAtOnce} jobs` : `job ${jobId}`;
  return interrupt.askToCancel(`Cancel ${jobs} on the farm too?`);
}

/** What to run next when a job exists and this end of it broke. */
function adviseAfter(error: unknown, jobId: string | undefined, options: FollowOptions): string | undefined {
  if (jobId === undefined || !RenderjuiceError.isInstance(error)) return undefined;
  if (error.code === "job_failed" || error.code === "job_canceled") return undefined;
  if (/^(download|file_system)/.test(error.code)) return `Go on: ${downloadCommand(jobId, options)}`;
  return `Job ${jobId} exists. ${commandsFor(jobId)}`;
}

function downloadCommand(jobId: string, { out = "FOLDER" }: FollowOptions): string {
  return `renderjuice download ${jobId} --out ${out}`;
}

function commandsFor(jobId: string): string {
  return `Attach: renderjuice submit --job ${jobId} · Cancel: renderjuice cancel ${jobId}`;
}
