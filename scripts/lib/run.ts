import { type SpawnOptions, spawn } from "node:child_process";
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { endProcessTree } from "./process-tree.ts";

// Nothing that this project runs may phone home.
process.env.TURBO_TELEMETRY_DISABLED = "1";

export const root = fileURLToPath(new URL("../..", import.meta.url));

interface RunOptions extends SpawnOptions {
  /** A command that takes longer is ended with all that it started, and has failed. */
  readonly limitMs?: number | undefined;
  /** The same for one that does not write to this file for so long; it may go on as long as it does. */
  readonly silence?: { readonly file: string; readonly limitMs: number } | undefined;
}

/** Runs a command from the repository's root with its output shown. @returns the exit code */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<number> {
  const { limitMs, silence, ...spawnOptions } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: "inherit", ...spawnOptions });
    const end = (why: string) => endHanging(child.pid ?? 0, why);
    const timer = limitMs && setTimeout(() => end(`Not done in ${describeMs(limitMs)}.`), limitMs);
    const watch = silence && watchSilence(silence, end);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      clearInterval(watch);
      resolve(code ?? (signal ? 1 : 0));
    });
  });
}

function watchSilence(
  { file, limitMs }: NonNullable<RunOptions["silence"]>,
  end: (why: string) => void,
): NodeJS.Timeout {
  let size = -1;
  let changedMs = performance.now();
  const look = () => {
    const { size: now } = statSync(file);
    if (now !== size) changedMs = performance.now();
    size = now;
    if (performance.now() - changedMs > limitMs) end(`Nothing has happened for ${describeMs(limitMs)}.`);
  };
  return setInterval(look, Math.min(limitMs / 4, 5000));
}

function describeMs(ms: number): string {
  return ms < 60_000 ? `${ms / 1000} s` : `${ms / 60_000} minutes`;
}

function endHanging(pid: number, why: string): void {
  const ended = endProcessTree(pid).map(({ pid, command }) => `  ${pid} ${command}`);
  console.error(`\n${why} Ended, the last of them being what hung:`);
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
