import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { createSandbox, type SandboxOptions } from "@renderjuice/sandbox";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));
/** Runs the sources, as the other tests do. */
export const CLI = [process.execPath, "--conditions=@renderjuice/source", MAIN] as const;

interface CliOutcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that runs; `lines` are those of stdout as they come. */
export interface RunningCli {
  readonly process: ChildProcessByStdio<null, Readable, Readable>;
  readonly outcome: Promise<CliOutcome>;
  /** Resolves at the first line of stdout or stderr that the pattern fits. */
  seen(pattern: RegExp): Promise<string>;
}

export function startCli(args: readonly string[], env: NodeJS.ProcessEnv = {}): RunningCli {
  const [node, ...nodeArgs] = CLI;
  const child = spawn(node, [...nodeArgs, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, HOME: "/nonexistent", NO_COLOR: "1", ...env },
  });
  const said = { stdout: "", stderr: "" };
  const lines: string[] = [];
  const listeners = new Set<(line: string) => void>();
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      said[name] += text;
    });
    createInterface({ input: child[name] }).on("line", (line) => {
      lines.push(line);
      for (const listener of listeners) listener(line);
    });
  }
  const outcome = once(child, "close").then(([exitCode]) => ({ exitCode, ...said }));
  const seen = (pattern: RegExp) => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const listener = (line: string) => {
      if (pattern.test(line)) resolve(line);
    };
    for (const line of lines) listener(line);
    listeners.add(listener);
    outcome.then(() =>
      reject(new Error(`The program ended without ${pattern}:\n${said.stdout}${said.stderr}`)),
    );
    return promise.finally(() => listeners.delete(listener));
  };
  return { process: child, outcome, seen };
}

/** A sandbox in this process, a folder of its own, and the program with the key in its environment. */
export async function startSandbox(options: SandboxOptions = {}) {
  const folder = await mkdtemp(join(tmpdir(), "renderjuice-cli-"));
  const sandbox = await createSandbox({ renderer: "simulated", ...options });
  const env = {
    RENDERJUICE_API_URL: sandbox.url,
    RENDERJUICE_API_KEY: sandbox.apiKeys[0] ?? "",
    XDG_CONFIG_HOME: join(folder, "config"),
  };
  return {
    sandbox,
    folder,
    env,
    start: (...args: string[]) => startCli(args, env),
    run: (...args: string[]) => startCli(args, env).outcome,
    async [Symbol.asyncDispose]() {
      await sandbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The events of `--json`; fails when stdout holds anything else. */
export function readEvents(stdout: string): { type: string; [member: string]: unknown }[] {
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}
