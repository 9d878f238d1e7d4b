import { readSceneFacts, type SceneFacts } from "../../src/index.ts";
import { NODE_DECOMPRESS } from "../../src/node/blend/node-decompress.ts";

/** The facts of a `.blend` in memory. */
export function readFactsOf(bytes: Uint8Array, fileName = "shot.blend"): Promise<SceneFacts> {
  const read = async (offset: number, length: number) => {
    if (offset < 0 || offset + length > bytes.length) throw new Error("A read outside the file.");
    return new Uint8Array(bytes.subarray(offset, offset + length));
  };
  return readSceneFacts({ sizeBytes: bytes.length, read }, { fileName, decompress: NODE_DECOMPRESS });
}
