import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { Command, Option } from "@commander-js/extra-typings";
import { ConfigError } from "@renderjuice/core";
import { jsonLine } from "@renderjuice/core/adapter";
import type { Sandbox, SandboxOptions } from "@renderjuice/sandbox";
import { runCommand } from "../command-context.ts";
import { EXIT } from "../exit-codes.ts";
import { listenForInterrupt } from "../interrupt.ts";
import { parsePort } from "../port.ts";
import { shellQuote } from "../shell-quote.ts";

/** How long a simulated frame takes, so that progress can be seen. */
const SIMULATED_STEP_MS = 200;

const EXAMPLES = `
Examples:
  renderjuice sandbox --data ~/renderjuice-sandbox
  renderjuice sandbox --renderer simulated --fault rate-limit:2@listJobs*3 --fault webhook-duplicate
  renderjuice sandbox --webhook http://localhost:3000/hook --webhook-secret-file secret.txt`;

interface SandboxCommandOptions {
  readonly webhook?: string | undefined;
  readonly webhookSecretFile?: string | undefined;
  readonly webhookFailures?: true | undefined;
  readonly renderer: "auto" | "blender" | "simulated";
  readonly isolation: "auto" | "required" | "off";
  readonly data?: string | undefined;
  readonly port: number;
  readonly storagePort: number;
  readonly host: string;
  readonly allowHost: readonly string[];
  readonly allowOrigin: readonly string[];
  readonly fault: readonly string[];
}

export function createSandboxCommand() {
  return new Command("sandbox")
    .description(
      "run a Renderjuice-compatible server on this machine, which renders with the Blender installed here",
    )
    .option("--webhook <url>", "send webhooks to this address")
    .option("--webhook-secret-file <file>", "file that contains the secret to sign webhooks with")
    .option("--webhook-failures", "also send webhooks about failed jobs, which the service does not do yet")
    .addOption(
      new Option("--renderer <renderer>", "what draws the frames")
        .choices(["auto", "blender", "simulated"] as const)
        .default("auto" as const),
    )
    .addOption(
      new Option(
        "--isolation <mode>",
        "how scenes are isolated from this machine: in the strongest way that works here (auto), only with bubblewrap (required), or not at all (off)",
      )
        .choices(["auto", "required", "off"] as const)
        .default("auto" as const),
    )
    .option(
      "--data <folder>",
      "keep jobs and files here; without it, they are deleted when the sandbox stops",
    )
    .option("--port <number>", "port of the API; 0 takes any free one", parsePort, 0)
    .option("--storage-port <number>", "port of the storage; 0 takes any free one", parsePort, 0)
    .option(
      "--host <address>",
      "address to listen on; anything but loopback lets other machines connect",
      "127.0.0.1",
    )
    .addOption(
      repeatable(
        "--allow-host <name>",
        "accept requests to this host name too, such as that of a container; may be repeated",
      ),
    )
    .addOption(
      repeatable(
        "--allow-origin <origin>",
        "let web pages of this origin use the API, such as http://localhost:5173; may be repeated",
      ),
    )
    .addOption(
      repeatable(
        "--fault <spec>",
        "a fault to inject, as name[:argument][@endpoint][*times]; may be repeated",
      ),
    )
    .addHelpText("after", EXAMPLES)
    .action(async (options, command) => {
      process.exitCode = await runCommand(command, async ({ output, globals }) => {
        // Loaded here, since no other command needs a server.
        const { createSandbox } = await import("@renderjuice/sandbox");
        const { pino } = await import("pino");
        // The log contains text that comes from requests and scenes.
        const write = (line: string) => void process.stderr.write(`${jsonLine(JSON.parse(line))}\n`);
        const logger = pino({ level: globals.quiet ? "warn" : "info" }, { write });
        await using sandbox = await createSandbox({ ...(await readOptions(options)), logger }).catch(explain);
        // Not through the output, which hides keys. This key only works for the sandbox and is meant to be pasted.
        if (!output.isJson) process.stdout.write(`${describe(sandbox)}\n`);
        else
          output.result("", {
            apiUrl: sandbox.url,
            docsUrl: sandbox.docsUrl,
            storageUrl: sandbox.storageUrl,
            renderer: sandbox.rendererName,
            isolation: sandbox.isolation?.kind,
            keyFile: sandbox.apiKeyFile,
          });
        const interrupt = listenForInterrupt();
        await interrupt.received.finally(interrupt.stop);
        return EXIT.ok;
      });
    });
}

async function readOptions(options: SandboxCommandOptions): Promise<SandboxOptions> {
  const { webhook, webhookSecretFile, webhookFailures, renderer, isolation } = options;
  const { data, port, storagePort, host, allowHost, allowOrigin, fault } = options;
  if (webhook !== undefined && webhookSecretFile === undefined) {
    throw new ConfigError({
      code: "invalid_option",
      option: "--webhook-secret-file",
      message: "Webhooks are signed, and there is no secret to sign them with.",
      hint: "Put any text into a file, and pass it with --webhook-secret-file FILE.",
    });
  }
  const secret = webhookSecretFile === undefined ? "" : (await readFile(webhookSecretFile, "utf8")).trim();
  return {
    renderer,
    isolation,
    port,
    storagePort,
    host,
    allowedHosts: allowHost,
    allowedOrigins: allowOrigin,
    faults: fault,
    simulatedStepMs: SIMULATED_STEP_MS,
    dataDir: data,
    ...(webhook !== undefined && {
      webhook: { url: webhook, secret, sendFailures: webhookFailures === true },
    }),
  };
}

function describe({ url, docsUrl, apiKeys, rendererName, isolation }: Sandbox): string {
  const label = rendererName === "simulated" ? "SIMULATED frames, drawn without Blender" : "Blender";
  return `The sandbox is ready. It renders with: ${label}
${isolation ? `${isolation.description}\n` : ""}
  export RENDERJUICE_API_URL=${url}
  export RENDERJUICE_API_KEY=${apiKeys[0]}${describeAlias()}

  renderjuice submit shot.blend --out frames/

Playground: ${docsUrl}
Stop with Ctrl-C.`;
}

/** Makes `renderjuice` a command in the other terminal if it is not installed. */
function describeAlias(): string {
  const folders = (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => !folder.includes("node_modules"));
  if (folders.some((folder) => existsSync(join(folder, "renderjuice")))) return "";
  const words = [process.execPath, ...process.execArgv, process.argv[1] ?? ""];
  return `\n  alias renderjuice=${shellQuote(words.map((word) => shellQuote(word)).join(" "))}`;
}

/** A sandbox that fails to start is not a bug: the user can fix it. */
function explain(error: unknown): never {
  const isPortTaken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
  const reason = error instanceof Error ? error.message : String(error);
  const message = isPortTaken
    ? `port ${"port" in error ? error.port : ""} is in use by another program.`
    : reason;
  throw new ConfigError({
    code: "invalid_option",
    option: "sandbox",
    message: `The sandbox cannot start: ${message}`,
    cause: error,
    ...(isPortTaken && {
      hint: "Choose another port, or leave out --port and --storage-port to use any free one.",
    }),
  });
}

const repeatable = <const Flags extends string>(flags: Flags, description: string) =>
  new Option(flags, description)
    .argParser((value: string, previous: readonly string[]) => [...previous, value])
    .default([] as readonly string[], "none");
