import type { ByteSource } from "../../scene/byte-source.ts";
import type { Decompress } from "../content/decompress.ts";
import { type BlendCompression, openContent } from "../content/open-content.ts";
import { type BlendFile, openBlendFile } from "../file/blend-file.ts";
import { Datablock } from "../file/datablock.ts";
import { readDatablocks } from "../file/read-datablocks.ts";
import { GatheredFacts, WANTED_STRUCTS } from "./gathered-facts.ts";
import type { SceneFacts } from "./scene-facts.ts";
import { readThumbnail } from "./thumbnail.ts";

/** What `readSceneFacts` needs besides the file. */
export interface ReadSceneFactsOptions {
  /** Such as `shot.blend`: caches that Blender keeps next to a file are named after it. */
  readonly fileName: string;
  /** For files that were saved with compression. Without it, they are refused. */
  readonly decompress?: Decompress | undefined;
}

/**
 * Reads what a `.blend` says about itself, without Blender: how its scenes are rendered, and which other files they need.
 * Works for files of Blender 2.7 to 5.2 and likely of others, since each file describes its own structs. Memory does not grow with the file.
 *
 * @throws BlendFileError if the file is damaged, or not one that can be read
 * @example
 * ```ts
 * import { readSceneFacts } from "@renderjuice/core";
 *
 * async function listFiles(blob: Blob) {
 *   const read = async (offset: number, length: number) =>
 *     new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
 *   const { files } = await readSceneFacts({ sizeBytes: blob.size, read }, { fileName: "shot.blend" });
 *   return files.map(({ kind, path }) => `${kind}: ${path}`);
 * }
 * ```
 */
export async function readSceneFacts(
  file: ByteSource,
  { fileName, decompress }: ReadSceneFactsOptions,
): Promise<SceneFacts> {
  const { content, compression } = await openContent(file, decompress);
  try {
    return await gather(await openBlendFile(content), compression, fileName);
  } finally {
    await content.close?.();
  }
}

async function gather(
  blend: BlendFile,
  compression: BlendCompression,
  fileName: string,
): Promise<SceneFacts> {
  const facts = new GatheredFacts(blend.header, fileName);
  for await (const part of readDatablocks(blend, WANTED_STRUCTS)) {
    if (part instanceof Datablock) facts.add(part);
    else if (part.block.code === "TEST") facts.thumbnail = await readThumbnail(blend, part.block);
    else if (part.struct) facts.addGlobal(part.struct);
  }
  return facts.finish(compression);
}
