import { Command } from "@commander-js/extra-typings";
import { type GlobalOptions, runCommand } from "../command-context.ts";
import { followJob } from "../follow-job.ts";
import { onInterruptOption, timeoutOption } from "./job-options.ts";

export function createValidateCommand() {
  return new Command("validate")
    .description("upload a scene and show what the farm finds in it; renders nothing, costs nothing")
    .argument("[scene...]", "a .blend, a .zip, a folder, or several files")
    .option("--job <id>", "validate a job that exists")
    .addOption(timeoutOption())
    .addOption(onInterruptOption())
    .addHelpText("after", "\nExamples:\n  renderjuice validate shot.blend\n  renderjuice validate --job JOB")
    .action(async (scenes, options, command) => {
      process.exitCode = await runCommand(command.optsWithGlobals() as GlobalOptions, async (context) => {
        const client = await context.connect();
        const { timeout, job } = options;
        const handle = client.submit(scenes, job === undefined ? {} : { resume: { jobId: job } }, {
          until: "validated",
          ...(timeout !== undefined && { deadlineMs: timeout }),
        });
        return followJob(context, handle, options);
      });
    });
}
