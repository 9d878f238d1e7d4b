import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { parseSettings } from "@renderjuice/core";
import { z } from "zod/v4";
import { MayaError } from "../port/maya-error.ts";
import { MayaRpc } from "../port/maya-rpc.ts";
import { chooseSession } from "../port/session.ts";
import { print, runCommand, say } from "./run-command.ts";

const ASK_AGAIN_MS = 500;

const submissionSchema = z.discriminatedUnion("state", [
  z.object({ state: z.enum(["accepted", "running", "unknown"]) }),
  z.object({ state: z.literal("submitted"), job: z.string() }),
  z.object({ state: z.literal("failed"), message: z.string(), hint: z.string() }),
]);

export function createSubmitCommand() {
  return new Command("submit")
    .description("submit the scene that is open in Maya; Maya exports the caches and goes on working")
    .option("--blend <file>", "the studio's Blender scene of this shot; by default that of the last time")
    .option("--frames <ranges>", "such as 1-24x2; by default those of Maya's render settings")
    .addOption(
      new Option("--caches <format>", "how geometry crosses; none: the caches are there already")
        .choices(["auto", "abc", "usd", "fbx", "none"] as const)
        .default("auto" as const),
    )
    .addOption(
      new Option(
        "--unsaved <choice>",
        "what to do with unsaved changes; by default the artist is asked",
      ).choices(["save", "last-saved"] as const),
    )
    .option(
      "--set <name=value>",
      "a setting of the render; may be repeated",
      collect,
      [] as readonly string[],
    )
    .option("--image-plane <camera>", "show the frames in this camera when they are there")
    .option("--maya <process>", "which Maya, when several are running", readProcess)
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
  const rpc = new MayaRpc(await chooseSession(maya));
  // Maya makes one job of one key, so even a call whose answer was lost is executed once.
  const key = randomUUID();
  const options = {
    caches,
    settings: parseSettings(set),
    ...(blend !== undefined && { blend: resolve(blend) }),
    ...(frames !== undefined && { frames }),
    ...(unsaved !== undefined && { unsaved }),
    ...(imagePlane !== undefined && { image_plane: imagePlane }),
  };
  await rpc.call("submit", { key, options }).catch((error) => {
    if (MayaError.isInstance(error) && error.failure !== "unreachable") say(`The submission is ${key}.`);
    throw error;
  });
  say("Maya exports the caches.");
  print(await waitForJob(rpc, key));
  return 0;
}

/** The export may take long, and Maya answers nothing meanwhile. @returns the job's id */
async function waitForJob(rpc: MayaRpc, key: string): Promise<string> {
  for (;;) {
    const submission = submissionSchema.parse(await askPatiently(rpc, key));
    if (submission.state === "submitted") return submission.job;
    if (submission.state === "failed") throw new MayaError({ failure: "failed", ...submission });
    await sleep(ASK_AGAIN_MS);
  }
}

async function askPatiently(rpc: MayaRpc, key: string): Promise<unknown> {
  for (;;) {
    try {
      return await rpc.call("submission", { key });
    } catch (error) {
      // Asking changes nothing, so unlike the submission itself it may be asked again.
      if (!MayaError.isInstance(error) || error.failure !== "silent") throw error;
      say(`${error.message} Waiting. ${error.hint ?? ""}`);
    }
  }
}

function collect(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value];
}

function readProcess(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Write the number of a process.");
}
