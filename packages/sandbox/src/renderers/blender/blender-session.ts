import { randomBytes } from "node:crypto";
import type { Blender } from "@renderjuice/core/adapter/node";
import { RenderFailure } from "../renderer.ts";
import { blenderArguments } from "./blender-arguments.ts";
import { blenderEnvironment } from "./blender-environment.ts";
import { blenderFailure } from "./blender-failure.ts";
import type { BlenderLimits } from "./blender-limits.ts";
import type { Isolation, JobFolders } from "./isolation/isolation.ts";
import type { LimitWatchOptions } from "./limit-watch.ts";
import type { BlenderMessage } from "./message-reader.ts";
import { runBlender } from "./run-blender.ts";
import type { WorkFolder } from "./work-folder.ts";

/** What all requests share. */
export interface BlenderSetup {
  readonly blender: Blender;
  readonly limits: BlenderLimits;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isolation: Isolation;
  readonly onLogLine: ((line: string) => void) | undefined;
}

export interface AskBlenderInput {
  /** Created for the folders that Blender sees. */
  readonly request: (folders: JobFolders) => Readonly<Record<string, unknown>>;
  readonly folder: WorkFolder;
  readonly limits: Pick<LimitWatchOptions, "stepMs" | "jobMs">;
  readonly signal: AbortSignal;
  readonly onMessage: (message: BlenderMessage) => void;
  /** What Blender is doing at the moment, for the text of a failure. */
  readonly activity: () => string;
  /** Eevee and Workbench do. */
  readonly needsGraphics: boolean;
}

/**
 * Starts Blender for one request and passes on its messages.
 *
 * @returns the first message that `isAnswer` accepts.
 * @throws RenderFailure if Blender reports one or ends without an answer; `signal.reason` when aborted.
 */
export async function askBlender<Answer extends BlenderMessage>(
  setup: BlenderSetup,
  input: AskBlenderInput,
  isAnswer: (message: BlenderMessage) => message is Answer,
): Promise<Answer> {
  const token = `${randomBytes(16).toString("hex")} `;
  const answers: BlenderMessage[] = [];
  const { folders } = input.folder;
  const cell = setup.isolation.enter(folders);
  await input.folder.writeRequest({ token, ...cell.folders, ...input.request(cell.folders) });
  const limits = { ...input.limits, memoryBytes: setup.limits.memoryBytes };
  const exit = await runBlender({
    command: [...cell.command, ...blenderArguments(setup.blender.version, cell)],
    env: blenderEnvironment(setup.env, setup.isolation, cell.folders),
    workDir: folders.workDir,
    token,
    limits,
    signal: input.signal,
    onMessage: (message) => {
      answers.push(message);
      input.onMessage(message);
    },
    onLogLine: setup.onLogLine,
  });
  const failure = answers.find((message) => message.type === "failure");
  if (failure) throw new RenderFailure(failure.failureType, failure.message);
  const answer = answers.find(isAnswer);
  if (answer) return answer;
  throw blenderFailure({ exit, limits, activity: input.activity(), needsGraphics: input.needsGraphics });
}
