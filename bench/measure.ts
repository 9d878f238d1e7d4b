import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createNodeClient, type NodeClient } from "@renderjuice/core/node";

const FARM = fileURLToPath(new URL("farm.ts", import.meta.url));
export const CLI = fileURLToPath(new URL("../packages/cli/dist/main.js", import.meta.url));

/** Starts the stand-in farm, gives its address and a client to the work, and ends it. */
export async function withFarm(
  env: Record<string, string>,
  work: (url: string, client: NodeClient) => Promise<void>,
): Promise<void> {
  const farm = spawn(process.execPath, [FARM], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...env },
  });
  const [url] = (await once(createInterface({ input: farm.stdout }), "line")) as [string];
  const client = createNodeClient({
    apiKey: "RJ-bench",
    baseUrl: url,
    env: {},
    poll: { initialMs: 50, maxMs: 50 },
  });
  try {
    await work(url, client);
  } finally {
    await client.close();
    farm.kill();
  }
}

export async function withFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "renderjuice-bench-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A file that takes no room on the disk and passes for a scene. */
export function writeSparseScene(path: string, sizeBytes: number): void {
  writeFileSync(path, "BLENDER-v304");
  truncateSync(path, sizeBytes - 8);
  appendFileSync(path, "ENDB\0\0\0\0");
}

/** Runs a program to its end. @returns seconds; throws when it fails. */
export async function timeProgram(command: string, args: readonly string[]): Promise<number> {
  return timeOf(async () => {
    const child = spawn(command, args, { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.on("data", (text) => {
      said += text;
    });
    const [code] = await once(child, "close");
    if (code !== 0) throw new Error(`${command} ended with ${code}: ${said.slice(-2000)}`);
  });
}

/** @returns seconds */
export async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return (performance.now() - startedMs) / 1000;
}

/** Takes turns, so that a busy moment of the machine hits all of them. @returns the median seconds of each */
export async function compare<Name extends string>(
  rounds: number,
  contestants: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Record<Name, number>> {
  const names = Object.keys(contestants) as Name[];
  const seconds = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (const name of names) await contestants[name]();
  for (let round = 0; round < rounds; round++) {
    for (const name of names) seconds[name].push(await contestants[name]());
  }
  return Object.fromEntries(names.map((name) => [name, median(seconds[name])])) as Record<Name, number>;
}

/** Runs the CLI. @returns the peak of its resident memory in MiB */
export async function peakMemoryMiB(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const report =
    "process.on('exit', () => require('fs').writeSync(3, String(process.resourceUsage().maxRSS)))";
  const preload = `data:text/javascript,import{createRequire}from'node:module';const require=createRequire('file:///');${report}`;
  const child = spawn(process.execPath, ["--import", preload, CLI, ...args], {
    stdio: ["ignore", "ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  let reported = "";
  let said = "";
  child.stdio[3]?.on("data", (text) => {
    reported += text;
  });
  child.stderr?.on("data", (text) => {
    said += text;
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`renderjuice ${args.join(" ")} ended with ${code}: ${said}`);
  return Number(reported) / 1024;
}

export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

/** One line of the report. */
export function report(what: string, value: string, aim: string, isMet: boolean): void {
  console.log(`${isMet ? "✔" : "✖"} ${what.padEnd(58)} ${value.padStart(12)}   aim ${aim}`);
}
