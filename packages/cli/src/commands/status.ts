import { Command } from "@commander-js/extra-typings";
import { describeFailure, type Job, type JobProgress } from "@renderjuice/core";
import { type GlobalOptions, runCommand } from "../command-context.ts";
import { EXIT } from "../exit-codes.ts";

export function createStatusCommand() {
  return new Command("status")
    .description("show where jobs are")
    .argument("<job...>", "ids of jobs")
    .addHelpText("after", "\nExample:\n  renderjuice status JOB --json")
    .action(async (jobIds, _options, command) => {
      process.exitCode = await runCommand(
        command.optsWithGlobals() as GlobalOptions,
        async ({ output, connect }) => {
          const client = await connect();
          for (const jobId of jobIds) {
            const [job, progress] = await Promise.all([client.jobs.get(jobId), client.jobs.progress(jobId)]);
            output.result(describe(job, progress), { job, ...(progress && { progress: progress.raw }) });
          }
          return EXIT.ok;
        },
      );
    });
}

function describe(job: Job, progress: JobProgress | undefined): string {
  const frames =
    progress?.completedFrames === undefined
      ? ""
      : `, ${progress.completedFrames} of ${progress.totalFrames ?? "?"} frames`;
  const failure = job.status === "failed" ? `: ${describeFailure(job) ?? "no reason given"}` : "";
  const seconds = job.normalizedSeconds ? `, ${job.normalizedSeconds.toFixed(1)} s of rendering` : "";
  return `${job.id}  ${job.status}${failure}${frames}${seconds}`;
}
