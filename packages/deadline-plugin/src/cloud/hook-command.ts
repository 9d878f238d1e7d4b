import { appendFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { Argument, type Command } from "@commander-js/extra-typings";
import { preflight } from "@renderjuice/core";
import { buildRenderConfig, terminalLine } from "@renderjuice/core/adapter";
import { openSource } from "@renderjuice/core/node";
import { describeError } from "../describe-error.ts";
import { EXIT } from "../exit-codes.ts";
import { parseSettingsText } from "../run/settings-text.ts";
import { readSubmission, type Submission } from "./submission.ts";

export function addCloudHookCommand(program: Command): void {
  program
    .command("cloud-hook")
    .description("run as a submission hook of Deadline Cloud (called by hooks.yaml)")
    .addArgument(new Argument("<moment>").choices(["pre-submission", "post-submission"] as const))
    .action(async (moment) => {
      try {
        const submission = readSubmission(await text(process.stdin));
        await (moment === "pre-submission" ? checkScene(submission) : noteLink(submission));
      } catch (error) {
        process.stderr.write(`${describeError(error)}\n`);
        process.exitCode = EXIT.permanent;
      }
    });
}

/** A scene that cannot render is refused before anything is uploaded. */
async function checkScene({ parameters }: Submission): Promise<void> {
  const source = await openSource(parameters.get("SceneFile") ?? "");
  const config = buildRenderConfig(
    parseSettingsText(parameters.get("Settings") ?? ""),
    parameters.get("Frames"),
  );
  const report = preflight({ ...(await source.readFacts()), config });
  for (const { severity, message, fix } of report.issues) {
    process.stderr.write(`${terminalLine(`${severity}: ${message} ${fix}`)}\n`);
  }
  if (!report.isOk) process.exitCode = EXIT.permanent;
}

/** Notes in the output folder which Deadline Cloud job fills it. */
async function noteLink({ jobName, parameters }: Submission): Promise<void> {
  const outDir = parameters.get("OutputDirectory");
  if (!outDir) return;
  const folder = join(outDir, ".renderjuice");
  await mkdir(folder, { recursive: true });
  const link = {
    deadlineCloudJobId: process.env.DEADLINE_JOB_ID,
    jobName,
    scene: parameters.get("SceneFile"),
  };
  await appendFile(join(folder, "deadline-cloud.jsonl"), `${JSON.stringify(link)}\n`);
}
