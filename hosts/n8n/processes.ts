import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { startGuard } from "../lib/guard.ts";

/** A program that the harness runs. Everything it prints is kept. */
export interface Program {
  readonly pid: number;
  log(): string;
  isRunning(): boolean;
  /** Resolves when the program has ended. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Waits until the program is ready. An error shows what it printed last. */
  untilReady(isReady: () => Promise<boolean>): Promise<void>;
}

export function startProgram(
  command: string,
  args: readonly string[],
  options: {
    readonly cwd: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly uid?: number;
    readonly gid?: number;
  },
): Program {
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  const name = [command, ...args].join(" ");
  let isRunning = true;
  let said = "";
  const guard = child.pid === undefined ? undefined : startGuard('kill -KILL "$0"', String(child.pid));
  const ended = new Promise<void>((resolve) => {
    const noteEnd = () => {
      isRunning = false;
      guard?.kill("SIGKILL");
      resolve();
    };
    child.on("close", noteEnd).on("error", (error) => {
      said += `${error.message}\n`;
      noteEnd();
    });
  });
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  return {
    pid: child.pid ?? 0,
    log: () => said,
    isRunning: () => isRunning,
    async kill(signal) {
      if (isRunning) child.kill(signal);
      await ended;
    },
    untilReady: (isReady) =>
      waitUntil(
        async () => {
          if (!isRunning) throw new Error(`${name} has ended:\n${lastLines(said)}`);
          return (await isReady().catch(() => false)) || undefined;
        },
        () => `${name} did not become ready:\n${lastLines(said)}`,
      ).then(() => {}),
  };
}

export function lastLines(text: string, count = 30): string {
  return text.trimEnd().split("\n").slice(-count).join("\n");
}

/** Calls `ask` until it returns something. The limit only turns a test that hangs into one that says why. */
export async function waitUntil<T>(
  ask: () => Promise<T | undefined>,
  complain: () => string,
  limitMs = 180_000,
): Promise<T> {
  for (const end = Date.now() + limitMs; Date.now() < end; await sleep(100)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
  }
  throw new Error(complain());
}

/**
 * Ports to start programs on. They are below those that the system assigns, so that no other program gets them before this
 * one listens.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(20_000, 32_000);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const isListening = once(server.listen(port, "127.0.0.1"), "listening").then(
    () => true,
    () => false,
  );
  return (await isListening) && new Promise((resolve) => server.close(() => resolve(true)));
}
