import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Values } from "./step-result.ts";
import { killTree, newTrackingId, TRACKING_VARIABLE } from "./tracked-processes.ts";

/** How long the runner waits for a grandchild that keeps the output open. */
const OUTPUT_GRACE_MS = 5_000;

export interface StepProcess {
  /** The exit code; `null` if a signal ended the process. */
  readonly ended: Promise<number | null>;
  /** Signals only the process itself. @returns whether it was still running */
  signal(signal: NodeJS.Signals): boolean;
  /** Kills it and everything that it has started. */
  kill(): void;
}

export interface ProcessOptions {
  readonly command: readonly [program: string, ...args: readonly string[]];
  readonly cwd: string;
  readonly env: Values;
  readonly trackingId: string;
}

export function startProcess(options: ProcessOptions, onLine: (line: string) => void): StepProcess {
  const [program, ...args] = options.command;
  const trackingId = newTrackingId(options.trackingId);
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...options.env, [TRACKING_VARIABLE]: trackingId },
    stdio: ["ignore", "pipe", "pipe"],
    // A separate process group, which can be killed as a whole.
    detached: true,
  });
  for (const input of [child.stdout, child.stderr]) createInterface({ input }).on("line", onLine);

  const { promise: ended, resolve } = Promise.withResolvers<number | null>();
  child.once("close", resolve);
  child.once("exit", (exitCode) => setTimeout(() => resolve(exitCode), OUTPUT_GRACE_MS).unref());
  child.once("error", (error) => {
    onLine(`::error::${error.message}`);
    resolve(1);
  });
  const isRunning = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  return {
    ended,
    signal: (signal) => isRunning() && child.kill(signal),
    kill: () => {
      if (child.pid !== undefined) killTree(child.pid, trackingId);
    },
  };
}
