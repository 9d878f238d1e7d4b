import { Command } from "@commander-js/extra-typings";
import { runCommand } from "../command-context.ts";
import { aloneOption, mainOption, SCENE_ARGUMENT, togetherOption } from "../scenes.ts";
import { onInterruptOption, requireCompleteOption, timeoutOption } from "./job-options.ts";
import { submit } from "./submit.ts";

const EXAMPLES = `
Examples:
  renderjuice validate shot.blend
  renderjuice validate 'shots/*.blend'
  renderjuice validate --job JOB`;

export function createValidateCommand() {
  return new Command("validate")
    .description("upload scenes and show what the farm finds in them; renders nothing and costs nothing")
    .argument("[scene...]", SCENE_ARGUMENT)
    .option("--job <id>", "validate an existing job")
    .addOption(togetherOption())
    .addOption(mainOption())
    .addOption(aloneOption())
    .addOption(
      requireCompleteOption(
        "exit with 3 if the farm does not find a texture or another file that the scene uses",
      ),
    )
    .addOption(timeoutOption())
    .addOption(onInterruptOption())
    .addHelpText("after", EXAMPLES)
    .action(async (args, options, command) => {
      process.exitCode = await runCommand(command, (context) =>
        submit(context, args, { ...options, until: "validated", set: [], wait: true }),
      );
    });
}
