import { Command, Option } from "@commander-js/extra-typings";
import { ConfigError, PreflightError, type RenderConfig } from "@renderjuice/core";
import {
  buildRenderConfig,
  formatBytes,
  JOB_GOALS,
  type JobGoal,
  parseSettings,
  SETTING_HELP,
} from "@renderjuice/core/adapter";
import { checkOutputFile, checkOutputFolder } from "@renderjuice/core/adapter/node";
import type { Submission } from "@renderjuice/core/node";
import { attempt, type CommandContext, runCommand } from "../command-context.ts";
import { describeIssues } from "../describe-issues.ts";
import { EXIT, worstExitCode } from "../exit-codes.ts";
import { followJob } from "../follow-job.ts";
import { followScenes } from "../follow-scenes.ts";
import {
  aloneOption,
  examine,
  examineAll,
  mainOption,
  outputOf,
  readScenes,
  SCENE_ARGUMENT,
  type Scene,
  type SceneOptions,
  togetherOption,
} from "../scenes.ts";
import {
  receiveWebhooks,
  type WebhookOptions,
  webhookPortOption,
  webhookSecretFileOption,
} from "../webhooks.ts";
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

const EXAMPLES = `
Examples:
  renderjuice submit shot.blend --frames 1-24x2 --set resolutionPercentage=50 --out frames/
  renderjuice submit shot_folder/ --no-wait --json       a folder is zipped while it is uploaded
  renderjuice submit 'shots/*.blend' --out frames/       a job per scene; frames go to frames/shots/sh010/ and so on
  renderjuice submit project/ --main project/shots/sh010.blend    one job; the other .blend files are its libraries
  renderjuice submit --together shot.blend textures/     one job from files in different places
  renderjuice submit shot.blend --dry-run                shows what would be sent; sends nothing
  renderjuice submit --job JOB --out frames/             continues an existing job`;

const SEVERAL = `
Several scenes:
  Frames and settings apply to each scene. All scenes are checked before the first one is sent. With a pattern or with
  more than one scene, each scene gets its own folder in --out, named after its path, and its own contact sheet there.
  --timeout and Ctrl-C apply to all scenes. The exit code is the worst one.
`;

const SETTINGS = `
Settings for --set. Without one, the value in the scene is used.
${Object.entries(SETTING_HELP)
  .map(([name, help]) => `  ${name.padEnd(28)} ${help}`)
  .join("\n")}
`;

interface SubmitOptions extends SceneOptions, WebhookOptions {
  readonly frames?: string | undefined;
  readonly set: readonly string[];
  readonly out?: string | undefined;
  readonly until?: JobGoal | undefined;
  readonly wait: boolean;
  readonly requireComplete?: true | undefined;
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
    .argument("[scene...]", SCENE_ARGUMENT)
    .addOption(framesOption())
    .addOption(setOption("listed below"))
    .addOption(outOption())
    .addOption(new Option("--until <step>", "stop after this step").choices(JOB_GOALS))
    .addOption(requireCompleteOption())
    .addOption(noWaitOption())
    .option("--dry-run", "check the scene and show the requests that would be sent; send nothing")
    .addOption(timeoutOption())
    .addOption(onInterruptOption())
    .addOption(onlyMissingOption())
    .addOption(contactSheetOption())
    .addOption(togetherOption())
    .addOption(mainOption())
    .addOption(aloneOption())
    .addOption(webhookPortOption())
    .addOption(webhookSecretFileOption())
    .option("--slug <slug>", "start with a file that was uploaded before")
    .option("--job <id>", "continue an existing job")
    .addHelpText("after", SEVERAL + SETTINGS + EXAMPLES)
    .action(async (scenes, options, command) => {
      process.exitCode = await runCommand(command, (context) => submit(context, scenes, options));
    });
}

/** Runs scenes, an upload or a job as far as the options say. @returns the exit code */
export async function submit(
  context: CommandContext,
  args: readonly string[],
  options: SubmitOptions,
): Promise<number> {
  const settings = parseSettings(options.set);
  const config = buildRenderConfig(settings, options.frames);
  checkDownloadOptions(options);
  const resume = readResume(options);
  if (resume) checkResume(args, options);
  const scenes = resume ? [] : await readScenes(args, options);
  if (options.dryRun) return dryRun(context, scenes, config);
  // Checked before the first scene is sent.
  if (options.out !== undefined) await checkOutputFolder(options.out);
  const isBesideFrames = options.out !== undefined && scenes.some(({ folder }) => folder !== "");
  if (options.contactSheet !== undefined && !isBesideFrames) await checkOutputFile(options.contactSheet);
  const client = context.connect();
  await using wake = await receiveWebhooks(context, options);
  const { frames, timeout, onlyMissing = false, requireComplete = false } = options;
  const until = options.until ?? (options.wait ? undefined : "started");
  const startedMs = performance.now();
  const start = (what: Submission, out: string | undefined, mainScene?: string) =>
    client.submit(what, {
      settings,
      frames,
      mainScene,
      requireComplete,
      until,
      wake,
      // The limit is for all scenes together, including those that are waiting for their upload.
      deadlineMs: timeout && Math.max(1, timeout - (performance.now() - startedMs)),
      download: out === undefined ? undefined : { outDir: out, onlyMissing },
    });
  if (resume) return await followJob(context, start(resume, options.out), options);
  const { exitCode, sources } = await examineAll(context, scenes.length > 1 ? scenes : [], config);
  if (exitCode !== EXIT.ok) return exitCode;
  const startScene = (scene: Scene, { out }: { out?: string | undefined }) =>
    start(sources.get(scene) ?? scene.paths, out, scene.mainScene);
  return await followScenes(context, scenes, { ...options, start: startScene });
}

function readResume({ slug, job }: SubmitOptions): { slug: string } | { jobId: string } | undefined {
  if (job !== undefined) return { jobId: job };
  return slug === undefined ? undefined : { slug };
}

/** A job or an upload already has its scene. @throws ConfigError */
function checkResume(args: readonly string[], { slug, job, together, main, dryRun }: SubmitOptions): void {
  const resumed = job === undefined ? "--slug" : "--job";
  const others = [
    args.length > 0 && "a scene",
    job !== undefined && slug !== undefined && "--slug",
    together && "--together",
    main !== undefined && "--main",
    dryRun && "--dry-run",
  ].filter((other) => typeof other === "string");
  if (others.length === 0) return;
  throw new ConfigError({
    code: "invalid_option",
    option: "scene",
    message: `${resumed} continues an earlier run and cannot be combined with ${others.join(", ")}.`,
    hint: `Leave out either ${resumed} or ${others.join(" and ")}.`,
  });
}

async function dryRun(
  context: CommandContext,
  scenes: readonly Scene[],
  config: RenderConfig,
): Promise<number> {
  const codes: number[] = [];
  for (const scene of scenes) {
    const sceneContext = { ...context, output: outputOf(context, scene, scenes.length) };
    codes.push(await attempt(sceneContext.output, () => dryRunOne(sceneContext, scene, config)));
  }
  return worstExitCode(codes);
}

async function dryRunOne({ output }: CommandContext, scene: Scene, config: RenderConfig): Promise<number> {
  const { source, issues, isOk } = await examine(scene, config);
  if (!isOk) throw new PreflightError({ issues });
  const { fileName, fileType, sizeBytes } = source;
  const requests = [
    { request: "POST /uploads", body: { fileName, fileType } },
    { request: "PUT (presigned URL)", sizeBytes },
    { request: "POST /jobs", body: { slug: "(from the first response)" } },
    { request: "POST /jobs/{id}/validate" },
    { request: "POST /jobs/{id}/render", body: { requestedRenderConfig: config } },
  ];
  const lines = requests.map(({ request, body }) => `  ${request}${body ? ` ${JSON.stringify(body)}` : ""}`);
  const text = `Nothing was sent. For ${fileName} (${formatBytes(sizeBytes)}), these requests would be sent:\n${lines.join("\n")}${describeIssues(issues)}`;
  output.result(text, { dryRun: true, issues, requests });
  return EXIT.ok;
}
