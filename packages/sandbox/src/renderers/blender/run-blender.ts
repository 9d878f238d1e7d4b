import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { BlenderLog } from "./blender-log.ts";
import { LimitWatch, type LimitWatchOptions } from "./limit-watch.ts";
import { type BlenderMessage, MessageReader } from "./message-reader.ts";
import { killProcessGroup } from "./process-group.ts";

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
 * Runs Blender in a process group of its own until it ends.
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
  const reading = [child.stdout, child.stderr].map((stream) =>
    readLines(stream, new MessageReader({ token: input.token, onMessage, onLogLine })),
  );
  const [[code, signal]] = await Promise.all([once(child, "close"), ...reading]);
  return { code, signal, log, passedLimit };
}

async function readLines(stream: Readable | null, reader: MessageReader): Promise<void> {
  for await (const chunk of stream ?? []) reader.push(chunk as Buffer);
  reader.end();
}
