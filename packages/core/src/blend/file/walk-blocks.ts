import type { BlendContent } from "../content/blend-content.ts";
import { LIMITS } from "../limits.ts";
import { damaged } from "./damaged.ts";
import { blockHeadBytes, type FileBlock, parseBlockHead, readCode } from "./file-block.ts";
import type { BlendHeader } from "./header.ts";

/**
 * All file blocks up to `ENDB`, in order. Only their heads are read: what they contain is passed over.
 *
 * @throws BlendFileError if the file ends before, or a head is damaged
 */
export async function* walkBlocks(
  content: BlendContent,
  header: BlendHeader,
): AsyncGenerator<FileBlock, void> {
  const headBytes = blockHeadBytes(header);
  let offset = header.sizeBytes;
  for (let count = 0; count < LIMITS.blocks; count++) {
    const head = await content.read(offset, headBytes);
    // Blender accepts an ENDB without the rest of its head.
    if (head.length >= 4 && readCode(head) === "ENDB") return;
    if (head.length < headBytes) throw damaged("is cut off: its end is missing", offset);
    const block = parseBlockHead(head, header, offset);
    yield block;
    offset = block.offset + block.lengthBytes;
  }
  throw damaged(`has more than ${LIMITS.blocks} file blocks`, offset);
}

/** @throws BlendFileError if the file ends before */
export async function readBlock(
  content: BlendContent,
  { offset, lengthBytes }: FileBlock,
  maxBytes?: number,
) {
  const wantedBytes = Math.min(lengthBytes, maxBytes ?? lengthBytes);
  const bytes = await content.read(offset, wantedBytes);
  if (bytes.length < wantedBytes) throw damaged("is cut off in the middle of a file block", offset);
  return new Uint8Array(bytes);
}
