import { BlendFileError } from "../../errors/index.ts";
import type { BlendContent } from "../content/blend-content.ts";
import { damaged } from "./damaged.ts";
import { blockHeadBytes, type FileBlock, parseBlockHead, readCode } from "./file-block.ts";
import type { BlendHeader } from "./header.ts";
import { walkBlocks } from "./walk-blocks.ts";

/** The DNA of Blender 5.2 has 135 kB. */
const SEARCHED_BYTES = 256 * 1024;

/**
 * The block with the DNA. Blender writes it last, so it is looked for at the end. If it is not there, or if only decompressing
 * everything would get there, all blocks before it are walked through.
 *
 * @throws BlendFileError if there is none
 */
export async function findDna(content: BlendContent, header: BlendHeader): Promise<FileBlock> {
  const last = await findLastDna(content, header);
  if (last) return last;
  for await (const block of walkBlocks(content, header)) {
    if (block.code === "DNA1") return block;
  }
  throw damaged("has no DNA, which describes its structs", header.sizeBytes);
}

/** A `DNA1` right before the `ENDB` of the file. */
async function findLastDna(content: BlendContent, header: BlendHeader): Promise<FileBlock | undefined> {
  const { sizeBytes } = content;
  if (sizeBytes === undefined) return undefined;
  const start = Math.max(header.sizeBytes, sizeBytes - SEARCHED_BYTES);
  const bytes = await content.read(start, Math.max(0, sizeBytes - start));
  const headBytes = blockHeadBytes(header);
  for (let at = bytes.length - headBytes; at >= 0; at--) {
    const isDna = bytes[at] === 0x44 && readCode(bytes.subarray(at, at + 4)) === "DNA1";
    const block = isDna ? tryHead(bytes.subarray(at, at + headBytes), header, start + at) : undefined;
    const end = block && block.offset + block.lengthBytes - start;
    if (end !== undefined && readCode(bytes.subarray(end, end + 4)) === "ENDB") return block;
  }
  return undefined;
}

/** What looks like a head may be content. */
function tryHead(bytes: Uint8Array, header: BlendHeader, offset: number): FileBlock | undefined {
  try {
    return parseBlockHead(bytes, header, offset);
  } catch (error) {
    if (BlendFileError.isInstance(error)) return undefined;
    throw error;
  }
}
