// Runs one of our programs with Node, as people do, for end-to-end tests.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

interface ProgramOutcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningProgram {
  readonly process: ChildProcessByStdio<null, Readable, Readable>;
  readonly outcome: Promise<ProgramOutcome>;
  /** Resolves with the first matching line of stdout or stderr; rejects if the program ends without one. */
  seen(pattern: RegExp): Promise<string>;
}

interface ProgramOptions {
  readonly cwd?: string | undefined;
  /** @default Node */
  readonly program?: string | undefined;
}

/**
 * @param args the program's file among them
 * @param env all of the program's environment, besides what Node needs
 */
export function startProgram(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  { cwd, program = process.execPath }: ProgramOptions = {},
): RunningProgram {
  const child = spawn(program, args, {
    cwd,
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
