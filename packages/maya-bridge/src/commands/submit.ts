import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { parseSettings } from "@renderjuice/core/adapter";
import { MayaError, type MayaFailure } from "../port/maya-error.ts";
import { MayaRpc } from "../port/maya-rpc.ts";
import { chooseSession } from "../port/session.ts";
import { waitForJob } from "../port/wait-for-job.ts";
import { print, runCommand, say } from "./run-command.ts";

export function createSubmitCommand() {
  return new Command("submit")
    .description("submit the scene that is open in Maya; Maya exports the caches and stays usable")
    .option("--blend <file>", "the Blender scene of this shot; default: the one of the last submission")
    .option("--frames <ranges>", "such as 1-24x2; default: the frames of Maya's render settings")
    .addOption(
      new Option("--caches <format>", "the format of the caches; none if they exist already")
        .choices(["auto", "abc", "usd", "fbx", "none"] as const)
        .default("auto" as const),
    )
    .addOption(
      new Option("--unsaved <choice>", "what to do with unsaved changes; default: ask in Maya").choices([
        "save",
        "last-saved",
      ] as const),
    )
    .option("--set <name=value>", "a render setting; may be repeated", collect, [] as readonly string[])
    .option("--image-plane <camera>", "show the finished frames in this camera")
    .option("--maya <process>", "the process id of the Maya to use, if several are running", readProcess)
    .action((options) => runCommand(() => submit(options)));
}

interface SubmitOptions {
  readonly blend?: string | undefined;
  readonly frames?: string | undefined;
  readonly caches: string;
  readonly unsaved?: string | undefined;
  readonly set: readonly string[];
  readonly imagePlane?: string | undefined;
  readonly maya?: number | undefined;
}

async function submit({
  blend,
  frames,
  caches,
  unsaved,
  set,
  imagePlane,
  maya,
}: SubmitOptions): Promise<number> {
  const session = await chooseSession(maya);
  const rpc = new MayaRpc(session);
  // Maya makes one job per key, so even a call whose answer was lost is executed only once.
  const key = randomUUID();
  const options = {
    caches,
    settings: parseSettings(set),
    ...(blend !== undefined && { blend: resolve(blend) }),
    frames,
    unsaved,
    image_plane: imagePlane,
  };
  await warnIfItMayGoOn(
    key,
    ["unreachable", "busy", "refused", "failed"],
    rpc.call("submit", { key, options }),
  );
  say("Maya exports the caches.");
  print(await warnIfItMayGoOn(key, ["failed"], waitForJob(rpc, { key, pid: session.pid, say })));
  return 0;
}

/** Submitting again after an error may cost twice: only some failures mean that there will be no job. */
async function warnIfItMayGoOn<Result>(
  key: string,
  ends: readonly MayaFailure[],
  task: Promise<Result>,
): Promise<Result> {
  return task.catch((error) => {
    if (MayaError.isInstance(error) && !ends.includes(error.failure)) {
      say(
        `Submission ${key} may still become a job. Before you submit again, check with renderjuice-maya status.`,
      );
    }
    throw error;
  });
}

function collect(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value];
}

function readProcess(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Write a process id, such as 4711.");
}
