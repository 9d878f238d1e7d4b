import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import type { ClientEvent } from "@renderjuice/core";
import { jsonLine } from "@renderjuice/core/adapter";
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
  /** For commands to paste. */
  readonly line: CommandLine;
  /** @throws ConfigError when there is no key. */
  connect(): NodeClient;
}

/** Runs a command's work; turns what it throws into a message and an exit code. @returns the exit code */
export async function runCommand(
  command: CommandUnknownOpts,
  work: (context: CommandContext) => Promise<number>,
): Promise<number> {
  const globals: GlobalOptions = command.optsWithGlobals();
  const secrets: string[] = [];
  const output = createOutput({ ...globals, secrets });
  const line = new CommandLine(command);
  let client: NodeClient | undefined;
  const connect = () => {
    if (client) return client;
    const { apiKey, baseUrl } = loadCredentials({
      baseUrl: globals.apiUrl,
      apiKeyFile: globals.apiKeyFile,
    });
    secrets.push(apiKey);
    client = createNodeClient({
      userAgent: `renderjuice-cli node/${process.versions.node}`,
      ...{ apiKey, baseUrl },
      ...(globals.verbose && { onEvent: logEvent }),
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

/** Does one of several things, so that its failure does not keep the others from being done. @returns the exit code */
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
