import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { BlenderLog } from "./blender-log.ts";
import { LimitWatch, type LimitWatchOptions } from "./limit-watch.ts";
import { type BlenderMessage, MessageReader } from "./message-reader.ts";
import { killProcessGroup } from "./process-group.ts";

/** How long Blender's output may take to arrive after its end. */
const LAST_WORDS_MS = 2000;

export interface RunBlenderInput {
  /** Executable and arguments. */
  readonly command: readonly string[];
  readonly env: Record<string, string>;
  readonly workDir: string;
  readonly token: string;
  readonly limits: Pick<LimitWatchOptions, "stepMs" | "jobMs" | "memoryBytes">;
  readonly signal: AbortSignal;
  readonly onMessage: (message: BlenderMessage) => void;
  readonly onLogLine?: ((line: string) => void) | undefined;
}

export interface BlenderExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly log: BlenderLog;
  /** The limit that ended it. */
  readonly passedLimit: Parameters<LimitWatchOptions["onPassed"]>[0] | undefined;
}

/**
 * Runs Blender in a separate process group until it ends.
 *
 * @throws `signal.reason` when aborted (the whole group is killed at once), or the error of a failed start.
 */
export async function runBlender(input: RunBlenderInput): Promise<BlenderExit> {
  input.signal.throwIfAborted();
  const [file = "", ...args] = input.command;
  const child = spawn(file, args, {
    cwd: input.workDir,
    env: input.env,
    detached: process.platform !== "win32",
    windowsHide: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const kill = () => killProcessGroup(child);
  input.signal.addEventListener("abort", kill, { once: true });
  try {
    return await watchUntilExit(child, input);
  } finally {
    input.signal.removeEventListener("abort", kill);
    kill();
    // A process that still holds the other ends of the pipes does not block us.
    for (const stream of child.stdio) stream?.destroy();
    input.signal.throwIfAborted();
  }
}

async function watchUntilExit(child: ChildProcess, input: RunBlenderInput): Promise<BlenderExit> {
  if (child.pid === undefined) {
    const [error] = await once(child, "error");
    throw error;
  }
  let passedLimit: BlenderExit["passedLimit"];
  using watch = new LimitWatch({
    ...input.limits,
    processGroupId: child.pid,
    onPassed: (limit) => {
      passedLimit = limit;
      killProcessGroup(child);
    },
  });
  const log = new BlenderLog();
  const onMessage = (message: BlenderMessage) => {
    watch.step();
    input.onMessage(message);
  };
  const onLogLine = (line: string) => {
    log.add(line);
    input.onLogLine?.(line);
  };
  const reading = Promise.all(
    [child.stdout, child.stderr].map((stream) =>
      readLines(stream, new MessageReader({ token: input.token, onMessage, onLogLine })),
    ),
  );
  const exit = await firstOf(once(child, "exit"), reading);
  killProcessGroup(child);
  // Does not wait for the pipes, since a process that a scene started may keep them open forever.
  await Promise.race([reading, delay(LAST_WORDS_MS, undefined, { ref: false })]);
  return { ...causeOf(exit), log, passedLimit };
}

/** Waits for the exit, but not if a reader fails. */
async function firstOf<Exit>(exited: Promise<Exit>, reading: Promise<unknown>): Promise<Exit> {
  return Promise.race([exited, reading.then(() => exited)]);
}

/** A cell ends with 128 and the number of the signal that ended Blender. */
function causeOf([code, signal]: readonly unknown[]): Pick<BlenderExit, "code" | "signal"> {
  const exit = { code: code as number | null, signal: signal as NodeJS.Signals | null };
  if (exit.code === null || exit.code <= 128) return exit;
  const names = Object.entries(constants.signals) as [NodeJS.Signals, number][];
  const [name] = names.find(([, number]) => number === (exit.code ?? 0) - 128) ?? [];
  return name === undefined ? exit : { code: null, signal: name };
}

async function readLines(stream: Readable | null, reader: MessageReader): Promise<void> {
  for await (const chunk of stream ?? []) reader.push(chunk as Buffer);
  reader.end();
}
