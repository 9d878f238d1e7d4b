import { Command } from "@commander-js/extra-typings";
import {
  ConfigError,
  expandFrames,
  type Job,
  JobCanceledError,
  JobFailedError,
  type RenderjuiceError,
} from "@renderjuice/core";
import {
  type DownloadEvent,
  describeFailure,
  describeShortfall,
  isComplete,
} from "@renderjuice/core/adapter";
import { checkOutputFile } from "@renderjuice/core/adapter/node";
import type { NodeClient } from "@renderjuice/core/node";
import { type CommandContext, runCommand } from "../command-context.ts";
import { describeFiles, drawSheet } from "../contact-sheet.ts";
import { EXIT, exitCodeOf } from "../exit-codes.ts";
import { listenForInterrupt } from "../interrupt.ts";
import { rememberJob } from "../output/standard-streams.ts";
import { contactSheetOption, onlyMissingOption } from "./job-options.ts";

interface DownloadCommandOptions {
  readonly out: string;
  readonly frames?: string | undefined;
  readonly onlyMissing?: true | undefined;
  readonly contactSheet?: string | undefined;
}

export function createDownloadCommand() {
  return new Command("download")
    .description("download the files of a completed job, except those that are already there")
    .argument("<job>", "id of the job")
    .requiredOption("-o, --out <folder>", "folder to download to")
    .option("-f, --frames <ranges>", "only these frames")
    .addOption(onlyMissingOption())
    .addOption(contactSheetOption())
    .addHelpText("after", "\nExample:\n  renderjuice download JOB --out frames/ --only-missing")
    .action(async (jobId, options, command) => {
      process.exitCode = await runCommand(command, async (context) => {
        const client = context.connect();
        const job = await client.jobs.get(jobId);
        if (job.status !== "completed") throw notComplete(job, context);
        return download(context, client, job, options).catch((error) => {
          const exitCode = exitCodeOf(error);
          context.output.error(error, exitCode, { jobId, next: context.line.again([jobId]) });
          return exitCode;
        });
      });
    });
}

async function download(
  context: CommandContext,
  client: NodeClient,
  job: Job,
  options: DownloadCommandOptions,
): Promise<number> {
  const { id: jobId } = job;
  rememberJob(jobId);
  const frames = options.frames === undefined ? undefined : expandFrames(options.frames);
  if (options.contactSheet !== undefined) await checkOutputFile(options.contactSheet);
  const interrupt = listenForInterrupt();
  const stop = new AbortController();
  const settings = {
    outDir: options.out,
    onlyMissing: options.onlyMissing ?? false,
    frames,
  };
  const onEvent = (event: DownloadEvent) => context.output.event(event);
  const outcome = await Promise.race([
    client.download(job, { ...settings, signal: stop.signal, onEvent }),
    interrupt.received,
  ]).finally(interrupt.stop);
  if (typeof outcome === "string") {
    stop.abort();
    context.output.note("Stopped. The files downloaded so far are kept.", {
      jobId,
      next: context.line.again([jobId]),
    });
    return EXIT.interrupted;
  }
  const contactSheet = await drawSheet(outcome, options.contactSheet);
  context.output.result(describeFiles(outcome, contactSheet), {
    jobId,
    downloads: outcome,
    contactSheet,
  });
  if (isComplete(outcome)) return EXIT.ok;
  for (const { message, hint } of describeShortfall(outcome)) context.output.warning(message, hint);
  return EXIT.framesMissing;
}

function notComplete(job: Job, { line }: CommandContext): RenderjuiceError {
  const { id, status } = job;
  if (status === "failed") return new JobFailedError({ job, reason: describeFailure(job) });
  if (status === "canceled") return new JobCanceledError({ job, lacks: "files" });
  return new ConfigError({
    code: "invalid_option",
    option: "status",
    message: `Job ${id} is ${status}. There is nothing to download yet.`,
    hint: `Wait for it with: ${line.other("wait", [id])}`,
  });
}
