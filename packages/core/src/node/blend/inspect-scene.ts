import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { readSceneFacts } from "../../blend/facts/read-scene-facts.ts";
import type { SceneFacts } from "../../blend/facts/scene-facts.ts";
import { RenderjuiceError } from "../../errors/index.ts";
import { withFile } from "../files/with-file.ts";
import { unreadable } from "../source/file-stamp.ts";
import { NODE_DECOMPRESS } from "./node-decompress.ts";

const NOT_A_FILE = "it is a pipe, socket or device";

/**
 * Reads what a `.blend` on disk says about itself, without Blender: how its scenes are rendered, and which other files they
 * need. Files that Blender compressed are read too.
 *
 * @throws BlendFileError if the file is damaged, or not one that can be read
 * @throws UploadError `source_unreadable` if it does not exist or cannot be opened
 * @example
 * ```ts
 * const { scenes, files } = await inspectScene("shot.blend");
 * console.log(scenes[0]?.engine, files.length);
 * ```
 */
export async function inspectScene(path: string): Promise<SceneFacts> {
  try {
    // Opening a pipe would wait for somebody who writes to it.
    const stats = await stat(path);
    if (!stats.isFile())
      throw unreadable(path, stats.isDirectory() ? { code: "EISDIR" } : new Error(NOT_A_FILE));
    return await withFile(path, (file) =>
      readSceneFacts(file, { fileName: basename(path), decompress: NODE_DECOMPRESS }),
    );
  } catch (error) {
    if (RenderjuiceError.isInstance(error)) throw error;
    throw unreadable(path, error);
  }
}
