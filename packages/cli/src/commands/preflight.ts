import { basename } from "node:path";
import { Command } from "@commander-js/extra-typings";
import type { RenderConfig, Source } from "@renderjuice/core";
import { buildRenderConfig, formatBytes, parseSettings } from "@renderjuice/core/adapter";
import { attempt, runCommand } from "../command-context.ts";
import { describeIssues } from "../describe-issues.ts";
import { EXIT, worstExitCode } from "../exit-codes.ts";
import type { Output } from "../output/output.ts";
import {
  aloneOption,
  examine,
  mainOption,
  outputOf,
  readScenes,
  SCENE_ARGUMENT,
  type Scene,
  togetherOption,
} from "../scenes.ts";
import { framesOption, setOption } from "./job-options.ts";

export function createPreflightCommand() {
  return new Command("preflight")
    .description("check scenes on this machine, without a key; sends nothing")
    .argument("<scene...>", SCENE_ARGUMENT)
    .addOption(framesOption())
    .addOption(setOption())
    .addOption(togetherOption())
    .addOption(mainOption())
    .addOption(aloneOption())
    .addHelpText("after", "\nExample:\n  renderjuice preflight shot.blend --json")
    .action(async (args, options, command) => {
      process.exitCode = await runCommand(command, async (context) => {
        const config = buildRenderConfig(parseSettings(options.set), options.frames);
        const scenes = await readScenes(args, options);
        const codes: number[] = [];
        for (const scene of scenes) {
          const output = outputOf(context, scene, scenes.length);
          codes.push(await attempt(output, () => show(output, scene, config)));
        }
        return worstExitCode(codes);
      });
    });
}

/** As the user named it, and what is sent of it. */
function describeSource({ name }: Scene, { fileName, sizeBytes }: Source): string {
  const size = formatBytes(sizeBytes);
  return basename(name) === fileName ? `${name} (${size})` : `${name} (${size} as ${fileName})`;
}

async function show(output: Output, scene: Scene, config: RenderConfig): Promise<number> {
  const { source, issues, isOk } = await examine(scene, config);
  const { fileName, sizeBytes } = source;
  const verdict = isOk ? "can be submitted" : "cannot be submitted";
  const text = `${describeSource(scene, source)} ${verdict}.${describeIssues(issues)}`;
  output.result(text, { isOk, issues, fileName, sizeBytes });
  return isOk ? EXIT.ok : EXIT.preflight;
}
