import { Command, Option } from "@commander-js/extra-typings";
import {
  buildRenderConfig,
  ConfigError,
  formatBytes,
  PreflightError,
  parseSettings,
  preflight,
} from "@renderjuice/core";
import { openSource } from "@renderjuice/core/node";
import { type CommandContext, type GlobalOptions, runCommand } from "../command-context.ts";
import { EXIT } from "../exit-codes.ts";
import { followJob } from "../follow-job.ts";
import { describeIssues } from "./describe-issues.ts";
import {
  contactSheetOption,
  framesOption,
  noWaitOption,
  onInterruptOption,
  onlyMissingOption,
  outOption,
  setOption,
  timeoutOption,
} from "./job-options.ts";

const EXAMPLES = `
Examples:
  renderjuice submit shot.blend --frames 1-24x2 --set resolutionPercentage=50 --out frames/
  renderjuice submit shot_folder/ --no-wait --json       a folder is zipped while it is uploaded
  renderjuice submit shot.blend --dry-run                shows what would be sent, sends nothing
  renderjuice submit --job JOB --out frames/             goes on with a job that exists`;

interface SubmitOptions {
  readonly frames?: string | undefined;
  readonly set: readonly string[];
  readonly out?: string | undefined;
  readonly until?: "created" | "validated" | "started" | "finished" | "downloaded" | undefined;
  readonly wait: boolean;
  readonly dryRun?: true | undefined;
  readonly timeout?: number | undefined;
  readonly onInterrupt?: "cancel" | "detach" | undefined;
  readonly onlyMissing?: true | undefined;
  readonly contactSheet?: string | undefined;
  readonly slug?: string | undefined;
  readonly job?: string | undefined;
}

export function createSubmitCommand() {
  return new Command("submit")
    .description("upload a scene, validate it, render it, wait, and download the frames")
    .argument("[scene...]", "a .blend, a .zip, a folder, or several files")
    .addOption(framesOption())
    .addOption(setOption())
    .addOption(outOption())
    .addOption(
      new Option("--until <step>", "stop at this step").choices([
        "created",
        "validated",
        "started",
        "finished",
        "downloaded",
      ] as const),
    )
    .addOption(noWaitOption())
    .option("--dry-run", "check the scene and show the requests; send nothing")
    .addOption(timeoutOption())
    .addOption(onInterruptOption())
    .addOption(onlyMissingOption())
    .addOption(contactSheetOption())
    .option("--slug <slug>", "begin with a file that was uploaded before")
    .option("--job <id>", "begin with a job that exists")
    .addHelpText("after", EXAMPLES)
    .action(async (scenes, options, command) => {
      process.exitCode = await runCommand(command.optsWithGlobals() as GlobalOptions, (context) =>
        submit(context, scenes, options),
      );
    });
}

async function submit(
  context: CommandContext,
  scenes: readonly string[],
  options: SubmitOptions,
): Promise<number> {
  const settings = parseSettings(options.set);
  const resume = readResume(options);
  if (scenes.length === 0 && !resume) throw sceneMissing();
  if (options.dryRun) return dryRun(context, scenes, options);
  const client = await context.connect();
  const { frames, timeout, out, onlyMissing = false } = options;
  const until = options.until ?? (options.wait ? undefined : "started");
  const handle = client.submit(
    scenes,
    { settings, ...(frames !== undefined && { frames }), ...(resume && { resume }) },
    {
      ...(until && { until }),
      ...(timeout !== undefined && { deadlineMs: timeout }),
      ...(out !== undefined && { download: { outDir: out, onlyMissing } }),
    },
  );
  return followJob(context, handle, options);
}

function readResume({ slug, job }: SubmitOptions): { slug: string } | { jobId: string } | undefined {
  if (job !== undefined) return { jobId: job };
  return slug === undefined ? undefined : { slug };
}

async function dryRun(
  { output }: CommandContext,
  scenes: readonly string[],
  options: SubmitOptions,
): Promise<number> {
  const source = await openSource(scenes);
  const config = buildRenderConfig(parseSettings(options.set), options.frames);
  const { issues, isOk } = preflight({ ...(await source.readFacts()), config });
  if (!isOk) throw new PreflightError({ issues });
  const { fileName, fileType, sizeBytes } = source;
  const requests = [
    { request: "POST /uploads", body: { fileName, fileType } },
    { request: "PUT (presigned URL)", sizeBytes },
    { request: "POST /jobs", body: { slug: "(from the first answer)" } },
    { request: "POST /jobs/{id}/validate" },
    { request: "POST /jobs/{id}/render", body: { requestedRenderConfig: config } },
  ];
  const lines = requests.map(({ request, body }) => `  ${request}${body ? ` ${JSON.stringify(body)}` : ""}`);
  const text = `Nothing was sent. ${fileName} (${formatBytes(sizeBytes)}) would be:\n${lines.join("\n")}${describeIssues(issues)}`;
  output.result(text, { dryRun: true, issues, requests });
  return EXIT.ok;
}

function sceneMissing(): ConfigError {
  return new ConfigError({
    code: "invalid_option",
    option: "scene",
    message: "There is nothing to submit.",
    hint: "Name a .blend, a .zip or a folder; or go on with --job JOB or --slug SLUG.",
  });
}
