import { styleText } from "node:util";
import { Command, CommanderError } from "@commander-js/extra-typings";
import { describeUsageError } from "@renderjuice/core/adapter";
import { createCancelCommand } from "./commands/cancel.ts";
import { createCompletionCommand } from "./commands/completion.ts";
import { createDoctorCommand } from "./commands/doctor.ts";
import { createDownloadCommand } from "./commands/download.ts";
import { createInspectCommand } from "./commands/inspect.ts";
import { createListCommand } from "./commands/list.ts";
import { createPreflightCommand } from "./commands/preflight.ts";
import { createRenderCommand } from "./commands/render.ts";
import { createSandboxCommand } from "./commands/sandbox.ts";
import { createStatusCommand } from "./commands/status.ts";
import { createSubmitCommand } from "./commands/submit.ts";
import { createValidateCommand } from "./commands/validate.ts";
import { createWaitCommand } from "./commands/wait.ts";
import { createWatchCommand } from "./commands/watch.ts";
import { EXIT, EXIT_CODE_HELP } from "./exit-codes.ts";
import { outliveBrokenStreams, reportLostOutput } from "./output/standard-streams.ts";

const HELP = `
Examples:
  renderjuice submit shot.blend --frames 1-24x2 --set resolutionPercentage=50 --out frames/
  renderjuice submit shot_folder/ --no-wait --json
  renderjuice wait JOB --timeout 2h
  renderjuice sandbox            a server on this machine to try it out, no account needed

The API key comes from RENDERJUICE_API_KEY, --api-key-file or the configuration file, never from an argument, which
other users of the machine could see.

Output is text for people, also in a pipe or a file. Scripts use --json.

${EXIT_CODE_HELP}`;

export function createProgram(version: string) {
  const program = new Command("renderjuice")
    .description("Send Blender scenes to the Renderjuice render farm and get verified frames back.")
    .version(version)
    .option("--json", "print JSON events to stdout, one per line, and nothing else there")
    .option("--quiet", "print only results, warnings and errors")
    .option("--verbose", "log every request to stderr, without secrets")
    .option("--api-url <url>", "address of the API; RENDERJUICE_API_URL by default")
    .option("--api-key-file <file>", 'file that contains the API key; "-" reads standard input')
    .addHelpText("after", HELP)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(formatUsageError(text)) })
    .configureHelp({ sortSubcommands: false, showGlobalOptions: true });
  const commands = [
    createSubmitCommand(),
    createInspectCommand(),
    createPreflightCommand(),
    createValidateCommand(),
    createRenderCommand(),
    createStatusCommand(),
    createListCommand(),
    createWatchCommand(),
    createWaitCommand(),
    createCancelCommand(),
    createDownloadCommand(),
    createSandboxCommand(),
    createDoctorCommand(),
    createCompletionCommand(() => program),
  ];
  for (const command of commands) program.addCommand(command.copyInheritedSettings(program));
  return program;
}

/** A key on the command line is a slip that other users of the machine could see. It is not repeated here. */
const KEY_OPTION = /^error: unknown option '-{1,2}(api-?)?key\b/i;
const KEY_IS_NO_ARGUMENT =
  "The key is never an argument.\n  Use --api-key-file FILE or the environment variable RENDERJUICE_API_KEY.";

function formatUsageError(text: string): string {
  const mark = styleText("red", "✖ ", { stream: process.stderr });
  return `${mark}${KEY_OPTION.test(text) ? KEY_IS_NO_ARGUMENT : describeUsageError(text)}\n`;
}

/** @returns the exit code */
export async function main(argv: readonly string[], version: string): Promise<number> {
  outliveBrokenStreams();
  const exitCode = await run(argv, version);
  // Output that a pipe has not taken yet may still fail.
  await new Promise((done) => process.stdout.write("", done));
  return reportLostOutput(exitCode);
}

async function run(argv: readonly string[], version: string): Promise<number> {
  const program = createProgram(version);
  try {
    await program.parseAsync([...argv]);
    return Number(process.exitCode ?? EXIT.ok);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
}
