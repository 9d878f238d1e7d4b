import { open } from "node:fs/promises";
import { basename } from "node:path";
import { SceneError } from "../scene-error.ts";
import type { FbxFacts } from "./fbx-facts.ts";

/** FBX 2011. */
const OLDEST_VERSION = 7100;
const HEAD_BYTES = 1024;

/** Explains, as far as the files show, why Blender cannot read one of them. */
export async function explainRefusal(
  error: unknown,
  files: readonly string[],
  sources: ReadonlyMap<string, FbxFacts>,
): Promise<never> {
  if (!SceneError.isInstance(error) || error.kind !== "unreadable") throw error;
  // Blender names the file that it was reading.
  const last = [...error.log.matchAll(/renderjuice: import (.*)/g)].at(-1)?.[1]?.trim();
  const path = files.find((file) => basename(file) === last);
  const cause = path === undefined ? undefined : await findCause(path, sources.get(path));
  if (!cause) throw error;
  const { message } = error;
  throw new SceneError({
    kind: "unreadable",
    message: `${cause.why} ${message}`,
    hint: cause.advice,
    log: error.log,
    cause: error,
  });
}

async function findCause(
  path: string,
  facts: FbxFacts | undefined,
): Promise<{ why: string; advice: string } | undefined> {
  const name = basename(path);
  if (!facts) {
    if (!path.toLowerCase().endsWith(".fbx") || !(await isText(path))) return undefined;
    return {
      why: `${name} is an ASCII FBX.`,
      advice: "Export it as binary: in the FBX options, File type: Binary.",
    };
  }
  if (facts.version < OLDEST_VERSION) {
    return {
      why: `${name} is FBX ${facts.version / 1000}, which is too old.`,
      advice: "Export it as FBX 2014 or newer: in the FBX options, FBX File Format.",
    };
  }
  if (facts.audioClips > 0) {
    return {
      why: `${name} contains sound.`,
      advice: "Export it without sound: turn off Audio in the FBX options.",
    };
  }
  if (facts.inBetweens > 0) {
    return {
      why: `${name} has blend shapes with in-betweens.`,
      advice: "Export the deformation as a cache, or bake the in-betweens into separate shapes.",
    };
  }
  return undefined;
}

async function isText(path: string): Promise<boolean> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
  const head = buffer.subarray(0, bytesRead);
  return head.length > 0 && !head.includes(0) && head.toString("latin1").includes("FBX");
}
