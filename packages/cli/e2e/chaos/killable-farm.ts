import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import type { RunningProgram } from "../../../../hosts/lib/running-program.ts";
import { startCli } from "../with-cli.ts";

interface ListedJob {
  readonly id: string;
  readonly status: string;
  readonly requestedConfig?: { readonly notes?: string; readonly frameRanges?: readonly string[] };
  readonly finalConfig?: { readonly resolutionPercentage?: number };
}

/** `renderjuice sandbox` in a process that can be killed and comes back with its data, at the same address. */
export class KillableFarm implements AsyncDisposable {
  readonly #args: readonly string[];
  readonly env: Record<string, string>;
  #program: RunningProgram;

  private constructor(args: readonly string[], env: Record<string, string>, program: RunningProgram) {
    this.#args = args;
    this.env = env;
    this.#program = program;
  }

  static async start(folder: string): Promise<KillableFarm> {
    const [port, storagePort] = [await freePort(), await freePort()];
    const args = ["--json", "sandbox", "--renderer", "simulated", "--data", join(folder, "data")];
    const withPorts = [...args, "--port", String(port), "--storage-port", String(storagePort)];
    const program = startCli(withPorts);
    const { apiUrl, keyFile } = JSON.parse(await program.seen(/"result"/));
    const env = {
      RENDERJUICE_API_URL: apiUrl,
      RENDERJUICE_API_KEY: (await readFile(keyFile, "utf8")).trim(),
      XDG_CONFIG_HOME: join(folder, "config"),
    };
    return new KillableFarm(withPorts, env, program);
  }

  async kill(): Promise<void> {
    this.#program.process.kill("SIGKILL");
    await this.#program.outcome;
  }

  async comeBack(): Promise<void> {
    this.#program = startCli(this.#args);
    await this.#program.seen(/"result"/);
  }

  /** Every job that the farm knows. */
  async jobs(): Promise<ListedJob[]> {
    const { stdout, stderr, exitCode } = await startCli(["--json", "list", "--limit", "5000"], this.env)
      .outcome;
    if (exitCode !== 0) throw new Error(`The list cannot be read: ${stdout}${stderr}`);
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "").jobs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}
