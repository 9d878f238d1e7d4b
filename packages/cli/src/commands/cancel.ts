import { Command } from "@commander-js/extra-typings";
import type { NodeClient } from "@renderjuice/core/node";
import { attempt, type CommandContext, type GlobalOptions, runCommand } from "../command-context.ts";
import { EXIT, worstExitCode } from "../exit-codes.ts";

export function createCancelCommand() {
  return new Command("cancel")
    .description("cancel jobs on the farm")
    .argument("<job...>", "ids of jobs")
    .addHelpText("after", "\nExample:\n  renderjuice cancel JOB")
    .action(async (jobIds, _options, command) => {
      process.exitCode = await runCommand(command.optsWithGlobals() as GlobalOptions, async (context) => {
        const client = await context.connect();
        const cancelEach = jobIds.map((id) => attempt(context.output, () => cancelOne(context, client, id)));
        return worstExitCode(await Promise.all(cancelEach));
      });
    });
}

async function cancelOne({ output }: CommandContext, client: NodeClient, jobId: string): Promise<number> {
  const { status } = await client.jobs.cancel(jobId);
  // The farm may take a moment; a job that was over stays what it was.
  const text = ["completed", "failed"].includes(status) ? `was ${status} already` : `is ${status}`;
  output.result(`Job ${jobId} ${text}.`, { jobId, status });
  return EXIT.ok;
}
