import { Command } from "@commander-js/extra-typings";
import { buildRenderConfig, formatBytes, parseSettings, preflight } from "@renderjuice/core";
import { openSource } from "@renderjuice/core/node";
import { type GlobalOptions, runCommand } from "../command-context.ts";
import { EXIT } from "../exit-codes.ts";
import { describeIssues } from "./describe-issues.ts";
import { framesOption, setOption } from "./job-options.ts";

export function createPreflightCommand() {
  return new Command("preflight")
    .description("check a scene on this machine; sends nothing and needs no key")
    .argument("<scene...>", "a .blend, a .zip, a folder, or several files")
    .addOption(framesOption())
    .addOption(setOption())
    .addHelpText("after", "\nExample:\n  renderjuice preflight shot.blend --json")
    .action(async (scenes, { set, frames }, command) => {
      process.exitCode = await runCommand(command.optsWithGlobals() as GlobalOptions, async ({ output }) => {
        const source = await openSource(scenes);
        const config = buildRenderConfig(parseSettings(set), frames);
        const { issues, isOk } = preflight({ ...(await source.readFacts()), config });
        const verdict = isOk ? "can be submitted" : "cannot be submitted";
        const text = `${source.fileName} (${formatBytes(source.sizeBytes)}) ${verdict}.${describeIssues(issues)}`;
        output.result(text, { isOk, issues, fileName: source.fileName, sizeBytes: source.sizeBytes });
        return isOk ? EXIT.ok : EXIT.preflight;
      });
    });
}
