import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { type ClientEvent, jsonLine, reportRateLimits } from "@renderjuice/core/adapter";
import { loadCredentials } from "@renderjuice/core/adapter/node";
import { createNodeClient, type NodeClient } from "@renderjuice/core/node";
import { CommandLine } from "./command-line.ts";
import { exitCodeOf } from "./exit-codes.ts";
import { createOutput, type Output } from "./output/output.ts";

/** Options that every command takes. */
export interface GlobalOptions {
  readonly json?: true | undefined;
  readonly quiet?: true | undefined;
  readonly verbose?: true | undefined;
  readonly apiUrl?: string | undefined;
  readonly apiKeyFile?: string | undefined;
}

export interface CommandContext {
  readonly globals: GlobalOptions;
  readonly output: Output;
  /** Writes commands to paste. */
  readonly line: CommandLine;
  /**
   * @param say prints the pauses that the API asks for
   * @throws ConfigError if there is no key
   */
  connect(say?: (line: string) => void): NodeClient;
}

/** Runs a command's work, and turns an error into a message and an exit code. @returns the exit code */
export async function runCommand(
  command: CommandUnknownOpts,
  work: (context: CommandContext) => Promise<number>,
): Promise<number> {
  const globals: GlobalOptions = command.optsWithGlobals();
  const secrets: string[] = [];
  const output = createOutput({ ...globals, secrets });
  const line = new CommandLine(command);
  let client: NodeClient | undefined;
  const connect = (say = output.note) => {
    if (client) return client;
    const { apiKey, baseUrl } = loadCredentials({
      baseUrl: globals.apiUrl,
      apiKeyFile: globals.apiKeyFile,
    });
    secrets.push(apiKey);
    const onRateLimit = reportRateLimits(say, () => performance.now());
    client = createNodeClient({
      userAgent: `renderjuice-cli node/${process.versions.node}`,
      ...{ apiKey, baseUrl },
      onEvent: (event) => {
        if (globals.verbose) logEvent(event);
        onRateLimit(event);
      },
    });
    return client;
  };
  try {
    return await attempt(output, () => work({ globals, output, line, connect }));
  } finally {
    output.close();
    await client?.close();
  }
}

/** Does one of several things. Its failure is printed and does not stop the others. @returns the exit code */
export async function attempt(output: Output, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    const exitCode = exitCodeOf(error);
    output.error(error, exitCode);
    return exitCode;
  }
}

function logEvent(event: ClientEvent): void {
  process.stderr.write(`${new Date().toISOString()} ${jsonLine(event)}\n`);
}
