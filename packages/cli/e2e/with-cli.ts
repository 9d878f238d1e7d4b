import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createSandbox, type SandboxOptions } from "@renderjuice/sandbox";
import { type RunningProgram, startProgram } from "../../../hosts/lib/running-program.ts";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));
/** Runs the sources, as the other tests do. */
export const CLI = [process.execPath, "--conditions=@renderjuice/source", MAIN] as const;

export function startCli(args: readonly string[], env?: NodeJS.ProcessEnv): RunningProgram {
  const [, ...nodeArgs] = CLI;
  return startProgram([...nodeArgs, ...args], env);
}

/** A sandbox in this process, a new folder, and the program with the key in its environment. */
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
    /** Runs a printed command, as if it were pasted. */
    paste: (command: string) => startCli(wordsOf(command), env).outcome,
    async [Symbol.asyncDispose]() {
      await sandbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Splits a command that starts with `renderjuice`, as a shell does. */
export function wordsOf(command: string): string[] {
  const output = execFileSync("bash", ["-c", `printf '%s\\0' ${command}`], { encoding: "utf8" });
  const [program, ...words] = output.split("\0").slice(0, -1);
  if (program !== "renderjuice") throw new Error(`This cannot be pasted: ${command}`);
  return words;
}

/** The events of `--json`. Fails if there is anything else on stdout. */
export function readEvents(stdout: string): { type: string; [member: string]: unknown }[] {
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}
