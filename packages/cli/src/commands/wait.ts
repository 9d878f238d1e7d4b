import { Command } from "@commander-js/extra-typings";
import { isFinalStatus, JobCanceledError, JobFailedError, type WaitOptions } from "@renderjuice/core";
import { foreignLine, ProgressReport } from "@renderjuice/core/adapter";
import type { NodeClient } from "@renderjuice/core/node";
import { type CommandContext, runCommand } from "../command-context.ts";
import { EXIT, exitCodeOf, worstExitCode } from "../exit-codes.ts";
import { listenForInterrupt } from "../interrupt.ts";
import { rememberJob } from "../output/standard-streams.ts";
import { receiveWebhooks, webhookPortOption, webhookSecretFileOption } from "../webhooks.ts";
import { timeoutOption } from "./job-options.ts";

/** How often it is looked whether a line is due about what still goes on. */
const BEAT_MS = 5000;

export function createWaitCommand() {
  return new Command("wait")
    .description("wait for jobs to end; the exit code is that of the worst one")
    .argument("<job...>", "ids of jobs")
    .addOption(timeoutOption())
    .addOption(webhookPortOption())
    .addOption(webhookSecretFileOption())
    .addHelpText("after", "\nExample:\n  renderjuice wait JOB1 JOB2 --timeout 2h && echo all complete")
    .action(async (jobIds, { timeout, ...options }, command) => {
      process.exitCode = await runCommand(command, async (context) => {
        const client = context.connect();
        await using wake = await receiveWebhooks(context, options);
        const stop = new AbortController();
        const interrupt = listenForInterrupt();
        const all = Promise.all(
          jobIds.map((jobId) =>
            waitForOne(context, client, jobId, { deadlineMs: timeout, signal: stop.signal, wake }),
          ),
        );
        const outcome = await Promise.race([all, interrupt.received]).finally(interrupt.stop);
        if (typeof outcome !== "string") return worstExitCode(outcome);
        stop.abort();
        context.output.note("Stopped waiting; the jobs go on.", { next: context.line.again(jobIds) });
        return EXIT.interrupted;
      });
    });
}

async function waitForOne(
  { output, line }: CommandContext,
  client: NodeClient,
  jobId: string,
  options: Pick<WaitOptions, "deadlineMs" | "signal" | "wake">,
): Promise<number> {
  let lastStatus: string | undefined;
  const report = new ProgressReport({ isLive: false, now: () => performance.now() });
  const heart = setInterval(() => {
    const line = report.heartbeat();
    if (line !== undefined && !output.isJson) output.note(`${jobId}  ${line}`);
  }, BEAT_MS);
  try {
    rememberJob(jobId);
    const job = await client.jobs.waitFor(jobId, {
      until: "finished",
      ...options,
      onUpdate: ({ status }) => {
        if (status === lastStatus) return;
        lastStatus = status;
        report.add({ type: "job-attached", jobId, status });
        if (output.isJson) output.event({ type: "status-changed", jobId, status });
        // How it ended is the result, or the error.
        else if (!isFinalStatus(status)) output.note(`${jobId}  ${foreignLine(status)}`);
      },
      onProgress: (progress) => report.add({ type: "render-progressed", ...progress, jobId }),
    });
    output.result(`${jobId}  ${foreignLine(job.status)}`, { jobId, status: job.status });
    return EXIT.ok;
  } catch (error) {
    if (options.signal?.aborted) throw error;
    const exitCode = exitCodeOf(error);
    const isOver = JobFailedError.isInstance(error) || JobCanceledError.isInstance(error);
    output.error(error, exitCode, { jobId, next: isOver ? undefined : line.again([jobId]) });
    return exitCode;
  } finally {
    clearInterval(heart);
  }
}
