import { Command, CommanderError } from "@commander-js/extra-typings";
import { describeUsageError } from "@renderjuice/core/adapter";
import { createAttachCommand } from "./commands/attach.ts";
import { createDoctorCommand } from "./commands/doctor.ts";
import { createInstallCommand } from "./commands/install.ts";
import { createRunCommand } from "./commands/run.ts";
import { createStatusCommand } from "./commands/status.ts";
import { createSubmitCommand } from "./commands/submit.ts";

const HELP = `
Examples:
  renderjuice-maya install                           installs the Maya module
  renderjuice-maya submit --blend sh010.blend        submits the scene that is open in Maya
  renderjuice-maya status
  renderjuice-maya doctor                            checks what works and how to fix what does not

The API key comes from RENDERJUICE_API_KEY or the configuration file, never from an argument.`;

function createProgram(version: string) {
  const program = new Command("renderjuice-maya")
    .description("Renders the shot that is open in Maya on Renderjuice, through Blender.")
    .version(version)
    .addHelpText("after", HELP)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(`✖ ${describeUsageError(text)}\n`) })
    .configureHelp({ sortSubcommands: false });
  const commands = [
    createInstallCommand(),
    createDoctorCommand(),
    createSubmitCommand(),
    createStatusCommand(),
    createAttachCommand(),
  ];
  for (const command of commands) program.addCommand(command.copyInheritedSettings(program));
  // Started by Maya, not by people.
  program.addCommand(createRunCommand().copyInheritedSettings(program), { hidden: true });
  return program;
}

/** @returns the exit code: 0 done, 1 failed, 2 wrong usage */
export async function main(argv: readonly string[], version: string): Promise<number> {
  // Our parent may be gone, such as a mayapy script that does not wait. The work continues.
  process.stdout.on("error", ignoreBrokenPipe);
  try {
    await createProgram(version).parseAsync([...argv]);
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
}

function ignoreBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}
