import { blockHeadBytes, type FileBlock, parseBlockHead } from "../../src/blend/file/file-block.ts";
import { type BlendHeader, parseHeader } from "../../src/blend/file/header.ts";
import { pick } from "./damage-bytes.ts";

/** An intact `.blend`, cut into its blocks. */
export interface Blocks {
  readonly header: BlendHeader;
  readonly headerBytes: Buffer;
  readonly blocks: readonly { readonly block: FileBlock; readonly bytes: Buffer }[];
}

export function cutIntoBlocks(file: Buffer): Blocks {
  const header = parseHeader(file.subarray(0, 17));
  const headBytes = blockHeadBytes(header);
  const blocks: Blocks["blocks"][number][] = [];
  for (let start = header.sizeBytes; start < file.length; ) {
    const block = parseBlockHead(file.subarray(start, start + headBytes), header, start);
    const end = block.offset + block.lengthBytes;
    blocks.push({ block, bytes: file.subarray(start, end) });
    start = end;
  }
  return { header, headerBytes: file.subarray(0, header.sizeBytes), blocks };
}

/** Repeats, drops and swaps blocks, and lets pointers lead to other blocks: what is damaged here can still be walked through. */
export function damageBlocks({ header, headerBytes, blocks }: Blocks, random: () => number): Buffer {
  const parts = blocks.map(({ bytes }) => bytes);
  const anyPart = () => pick(random, parts.length);
  for (let count = 1 + pick(random, 4); count > 0; count--) {
    const [at, other] = [anyPart(), anyPart()];
    const [part = Buffer.alloc(0), otherPart = Buffer.alloc(0)] = [parts[at], parts[other]];
    switch (pick(random, 6)) {
      case 0:
        parts.splice(other, 0, part);
        break;
      case 1:
        parts.splice(at, 1);
        break;
      case 2:
        [parts[at], parts[other]] = [otherPart, part];
        break;
      default:
        parts[at] = pointElsewhere(part, header, blocks, random);
    }
  }
  return Buffer.concat([headerBytes, ...parts]);
}

/** The address of another block, somewhere in the content of this one. */
function pointElsewhere(
  part: Buffer,
  header: BlendHeader,
  blocks: Blocks["blocks"],
  random: () => number,
): Buffer {
  const { pointerBytes } = header;
  const damaged = Buffer.from(part);
  for (let count = 1 + pick(random, 8); count > 0; count--) {
    const address = blocks[pick(random, blocks.length)]?.block.address ?? 0n;
    const places = Math.floor((damaged.length - blockHeadBytes(header)) / pointerBytes);
    if (places <= 0) break;
    const at = blockHeadBytes(header) + pick(random, places) * pointerBytes;
    const view = new DataView(damaged.buffer, damaged.byteOffset, damaged.length);
    if (pointerBytes === 8) view.setBigUint64(at, address, header.isLittleEndian);
    else view.setUint32(at, Number(address & 0xffffffffn), header.isLittleEndian);
  }
  return damaged;
}
