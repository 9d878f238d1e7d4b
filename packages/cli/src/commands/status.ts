import { Command } from "@commander-js/extra-typings";
import type { Job } from "@renderjuice/core";
import { count, describeFailure, foreignLine, type JobProgress } from "@renderjuice/core/adapter";
import type { NodeClient } from "@renderjuice/core/node";
import { attempt, type CommandContext, runCommand } from "../command-context.ts";
import { EXIT, worstExitCode } from "../exit-codes.ts";

export function createStatusCommand() {
  return new Command("status")
    .description("show the status of jobs")
    .argument("<job...>", "ids of jobs")
    .addHelpText("after", "\nExample:\n  renderjuice status JOB --json")
    .action(async (jobIds, _options, command) => {
      process.exitCode = await runCommand(command, async (context) => {
        const client = context.connect();
        let exitCode: number = EXIT.ok;
        for (const jobId of jobIds) {
          const code = await attempt(context.output, () => showStatus(context, client, jobId));
          exitCode = worstExitCode([exitCode, code]);
        }
        return exitCode;
      });
    });
}

async function showStatus({ output }: CommandContext, client: NodeClient, jobId: string): Promise<number> {
  const [job, progress] = await Promise.all([client.jobs.get(jobId), client.jobs.progressIfAny(jobId)]);
  output.result(describe(job, progress), { job, progress: progress?.raw });
  return EXIT.ok;
}

/** Only what the farm reports. */
function describeFrames({ completedFrames, totalFrames }: Partial<JobProgress> = {}): string {
  if (completedFrames === undefined)
    return totalFrames === undefined ? "" : `, ${count(totalFrames, "frame")}`;
  const frames =
    totalFrames === undefined
      ? count(completedFrames, "frame")
      : `${completedFrames} of ${count(totalFrames, "frame")}`;
  return `, ${frames} rendered`;
}

function describe(job: Job, progress: JobProgress | undefined): string {
  const frames = describeFrames(progress);
  const failure = job.status === "failed" ? `: ${describeFailure(job) ?? "no reason given"}` : "";
  const seconds = job.normalizedSeconds ? `, ${job.normalizedSeconds.toFixed(1)} s of rendering` : "";
  return `${job.id}  ${foreignLine(job.status)}${failure}${frames}${seconds}`;
}
