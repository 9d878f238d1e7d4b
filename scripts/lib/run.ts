import { type SpawnOptions, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { endProcessTree } from "./process-tree.ts";

// Nothing that this project runs shall report home.
process.env.TURBO_TELEMETRY_DISABLED = "1";

export const root = fileURLToPath(new URL("../..", import.meta.url));

interface RunOptions extends SpawnOptions {
  /** A command that takes longer is ended with all that it started, and has failed. */
  readonly limitMs?: number;
}

/** Runs a command from the repository's root with its output shown. @returns the exit code */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<number> {
  const { limitMs, ...spawnOptions } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: "inherit", ...spawnOptions });
    const timer = limitMs && setTimeout(() => endHanging(child.pid ?? 0, limitMs), limitMs);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      resolve(code ?? (signal ? 1 : 0));
    });
  });
}

function endHanging(pid: number, limitMs: number): void {
  const ended = endProcessTree(pid).map(({ pid, command }) => `  ${pid} ${command}`);
  console.error(`\nNot done in ${limitMs / 60_000} minutes. Ended, the last of them being what hung:`);
  console.error(ended.join("\n"));
}

/** Runs a command and shows what it said only when it fails. */
export async function runQuietly(command: string, args: readonly string[]): Promise<number> {
  const said: Buffer[] = [];
  const code = await new Promise<number>((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.on("data", (chunk) => said.push(chunk));
    child.stderr.on("data", (chunk) => said.push(chunk));
    child.on("error", reject);
    child.on("close", (status) => resolve(status ?? 1));
  });
  if (code !== 0) process.stderr.write(Buffer.concat(said));
  return code;
}
