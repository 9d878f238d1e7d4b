import { Command } from "@commander-js/extra-typings";
import { ConfigError } from "@renderjuice/core";
import { describeCancel, type EnsureCanceledOptions, ensureCanceled } from "@renderjuice/core/adapter";
import type { NodeClient } from "@renderjuice/core/node";
import { type CommandContext, runCommand } from "../command-context.ts";
import { parseDuration } from "../duration.ts";
import { EXIT, exitCodeOf, worstExitCode } from "../exit-codes.ts";
import { listenForInterrupt } from "../interrupt.ts";
import { rememberJob } from "../output/standard-streams.ts";

/** A cancel that takes longer gets an explanation. */
const QUICK_MS = 3000;

const NOTES = `
Waits until the jobs have ended. If a job is idle and the farm does not cancel it, the command watches it for a minute,
since a start request may still take effect. If it cannot be certain, it says so and exits with 8.

Example:
  renderjuice cancel JOB`;

export function createCancelCommand() {
  return new Command("cancel")
    .description("cancel jobs on the farm")
    .argument("<job...>", "ids of jobs")
    .option("--timeout <duration>", "give up after this long, such as 30s; 90s by default", parseDuration)
    .addHelpText("after", NOTES)
    .action(async (jobIds, { timeout }, command) => {
      process.exitCode = await runCommand(command, async (context) => {
        const client = context.connect();
        const interrupt = listenForInterrupt();
        const stop = new AbortController();
        void interrupt.received.then(() => stop.abort());
        const options = { signal: stop.signal, deadlineMs: timeout };
        const cancelEach = jobIds.map((jobId) => cancelOne(context, client, jobId, options));
        return worstExitCode(await Promise.all(cancelEach).finally(interrupt.stop));
      });
    });
}

async function cancelOne(
  { output, line }: CommandContext,
  client: NodeClient,
  jobId: string,
  options: EnsureCanceledOptions,
): Promise<number> {
  const steps = { jobId, status: line.other("status", [jobId]), cancel: line.again([jobId]) };
  const patience = setTimeout(
    () => output.note(`Canceling job ${jobId}. Waiting until it is certain that it will not start.`),
    QUICK_MS,
  );
  try {
    rememberJob(jobId);
    const outcome = await ensureCanceled(client, jobId, options);
    const { status } = outcome.job;
    const data = { jobId, status, isCertain: outcome.isCertain };
    output.result(describeCancel(outcome), data, outcome.isCertain ? {} : steps);
    return outcome.isCertain ? EXIT.ok : EXIT.timedOut;
  } catch (error) {
    if (options.signal?.aborted) {
      output.note(`Stopped. Job ${jobId} may still be rendering.`, steps);
      return EXIT.interrupted;
    }
    const exitCode = exitCodeOf(error);
    // If nothing was sent or the farm does not know the job, there is nothing to check.
    const hasNoSteps = ConfigError.isInstance(error) || exitCode === EXIT.refused;
    output.error(error, exitCode, hasNoSteps ? { jobId } : steps);
    return exitCode;
  } finally {
    clearTimeout(patience);
  }
}
