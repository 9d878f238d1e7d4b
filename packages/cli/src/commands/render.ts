import { Command } from "@commander-js/extra-typings";
import { parseSettings } from "@renderjuice/core/adapter";
import { checkOutputFile } from "@renderjuice/core/adapter/node";
import { runCommand } from "../command-context.ts";
import { followJob } from "../follow-job.ts";
import {
  checkDownloadOptions,
  contactSheetOption,
  framesOption,
  noWaitOption,
  onInterruptOption,
  onlyMissingOption,
  outOption,
  requireCompleteOption,
  setOption,
  timeoutOption,
} from "./job-options.ts";

export function createRenderCommand() {
  return new Command("render")
    .description("render a job that was created or validated; if it is already rendering, follow it")
    .argument("<job>", "id of the job")
    .addOption(framesOption())
    .addOption(setOption())
    .addOption(outOption())
    .addOption(requireCompleteOption())
    .addOption(noWaitOption())
    .addOption(timeoutOption())
    .addOption(onInterruptOption())
    .addOption(onlyMissingOption())
    .addOption(contactSheetOption())
    .addHelpText(
      "after",
      "\nExample:\n  renderjuice render JOB --frames 1-10 --set sampleCount=64 --out frames/",
    )
    .action(async (jobId, options, command) => {
      process.exitCode = await runCommand(command, async (context) => {
        const settings = parseSettings(options.set);
        checkDownloadOptions(options);
        if (options.contactSheet !== undefined) await checkOutputFile(options.contactSheet);
        const client = context.connect();
        const { frames, timeout, out, onlyMissing = false, requireComplete = false } = options;
        const handle = client.submit(
          { jobId },
          {
            settings,
            frames,
            requireComplete,
            until: options.wait ? undefined : "started",
            deadlineMs: timeout,
            download: out === undefined ? undefined : { outDir: out, onlyMissing },
          },
        );
        return followJob(context, handle, options);
      });
    });
}
