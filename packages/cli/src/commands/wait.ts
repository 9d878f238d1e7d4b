import { Command } from "@commander-js/extra-typings";
import { type ErrorCode, isFinalStatus, RenderjuiceError, type WaitOptions } from "@renderjuice/core";
import { foreignLine } from "@renderjuice/core/adapter";
import type { NodeClient } from "@renderjuice/core/node";
import { type CommandContext, runCommand } from "../command-context.ts";
import { EXIT, exitCodeOf, worstExitCode } from "../exit-codes.ts";
import { listenForInterrupt } from "../interrupt.ts";
import { Heartbeats } from "../output/heartbeats.ts";
import { rememberJob } from "../output/standard-streams.ts";
import { receiveWebhooks, webhookPortOption, webhookSecretFileOption } from "../webhooks.ts";
import { timeoutOption } from "./job-options.ts";

/** Waiting again would end the same way. */
const HOPELESS: ReadonlySet<ErrorCode> = new Set([
  "job_failed",
  "job_canceled",
  "not_found",
  "invalid_option",
]);

export function createWaitCommand() {
  return new Command("wait")
    .description("wait until jobs have ended; exits with the worst code")
    .argument("<job...>", "ids of jobs")
    .addOption(timeoutOption())
    .addOption(webhookPortOption())
    .addOption(webhookSecretFileOption())
    .addHelpText("after", "\nExample:\n  renderjuice wait JOB1 JOB2 --timeout 2h && echo complete")
    .action(async (jobIds, { timeout, ...options }, command) => {
      process.exitCode = await runCommand(command, async (context) => {
        const client = context.connect();
        await using wake = await receiveWebhooks(context, options);
        const stop = new AbortController();
        const interrupt = listenForInterrupt();
        const { output, line } = context;
        const heartbeats = new Heartbeats((text) => !output.isJson && output.note(text));
        const waitOptions = { deadlineMs: timeout, signal: stop.signal, wake };
        const all = Promise.all(
          jobIds.map((jobId) => waitForOne(context, client, jobId, heartbeats, waitOptions)),
        );
        const outcome = await Promise.race([all, interrupt.received]).finally(() => {
          interrupt.stop();
          heartbeats.stop();
        });
        if (typeof outcome !== "string") return worstExitCode(outcome);
        stop.abort();
        output.note("Stopped waiting. The jobs keep running.", { next: line.again(jobIds) });
        return EXIT.interrupted;
      });
    });
}

async function waitForOne(
  { output, line }: CommandContext,
  client: NodeClient,
  jobId: string,
  heartbeats: Heartbeats,
  options: Pick<WaitOptions, "deadlineMs" | "signal" | "wake">,
): Promise<number> {
  let lastStatus: string | undefined;
  try {
    rememberJob(jobId);
    const job = await client.jobs.waitFor(jobId, {
      until: "finished",
      ...options,
      onUpdate: ({ status }) => {
        if (status === lastStatus) return;
        lastStatus = status;
        heartbeats.add(jobId, { type: "job-attached", jobId, status });
        if (output.isJson) output.event({ type: "status-changed", jobId, status });
        // The result or the error says how it ended.
        else if (!isFinalStatus(status)) output.note(`${jobId}  ${foreignLine(status)}`);
      },
      onProgress: (progress) => heartbeats.add(jobId, { type: "render-progressed", ...progress, jobId }),
    });
    output.result(`${jobId}  ${foreignLine(job.status)}`, { jobId, status: job.status });
    return EXIT.ok;
  } catch (error) {
    if (options.signal?.aborted) throw error;
    const exitCode = exitCodeOf(error);
    const isHopeless = RenderjuiceError.isInstance(error) && HOPELESS.has(error.code);
    output.error(error, exitCode, {
      jobId,
      about: exitCode === EXIT.timedOut ? `Job ${jobId} keeps running.` : undefined,
      next: isHopeless ? undefined : line.again([jobId]),
    });
    return exitCode;
  } finally {
    heartbeats.remove(jobId);
  }
}
