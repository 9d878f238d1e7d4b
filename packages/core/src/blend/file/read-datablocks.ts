import type { StructLayout } from "../dna/struct-layout.ts";
import { decodeText, StructValue } from "../dna/struct-value.ts";
import { LIMITS } from "../limits.ts";
import type { BlendFile } from "./blend-file.ts";
import { damaged } from "./damaged.ts";
import { Datablock } from "./datablock.ts";
import { parseDatablockName } from "./datablock-name.ts";
import type { FileBlock } from "./file-block.ts";
import { readBlock, walkBlocks } from "./walk-blocks.ts";

/** What a kept struct takes in memory besides its bytes. */
const OVERHEAD_BYTES = 256;

/** A block that belongs to no datablock, such as `GLOB`, `TEST` and `REND`. */
export interface FileInfo {
  readonly block: FileBlock;
  readonly struct: StructValue | undefined;
}

/**
 * All datablocks in the order of the file, each with what is wanted of its data. One is in memory at a time.
 *
 * @param wanted names of structs. Of a datablock that is not among them, only its `ID` part is read, and its texts are
 * passed over.
 */
export async function* readDatablocks(
  blend: BlendFile,
  wanted: ReadonlySet<string>,
): AsyncGenerator<Datablock | FileInfo, void> {
  let current: Collection | undefined;
  let count = 0;
  for await (const block of walkBlocks(blend.content, blend.header)) {
    const layout = layoutOf(blend, block);
    const isWanted = layout !== undefined && wanted.has(layout.name);
    if (block.code === "DATA") {
      if (isWanted) await current?.keepStructs(block, layout);
      else if (!layout) await current?.keepText(block);
      continue;
    }
    if (current) yield current.datablock;
    current = undefined;
    if (layout && isDatablock(layout)) {
      if (++count > LIMITS.datablocks) throw damaged("has too many datablocks", block.offset);
      current = new Collection(blend, await readRoot(blend, block, layout, isWanted), isWanted);
    } else {
      yield { block, struct: isWanted ? (await readStructs(blend, block, layout))[0] : undefined };
    }
  }
  if (current) yield current.datablock;
}

/** A datablock, while its data is read. */
class Collection {
  readonly datablock: Datablock;
  readonly #blend: BlendFile;
  readonly #keepsTexts: boolean;
  #keptBytes = 0;
  #textBytes = 0;

  constructor(blend: BlendFile, datablock: Datablock, keepsTexts: boolean) {
    this.datablock = datablock;
    this.#blend = blend;
    this.#keepsTexts = keepsTexts;
  }

  async keepStructs(block: FileBlock, layout: StructLayout): Promise<void> {
    this.#keptBytes += block.lengthBytes + OVERHEAD_BYTES * (block.count + 1);
    if (this.#keptBytes > LIMITS.keptBytes) {
      throw damaged("has a datablock with more settings than can be read", block.offset);
    }
    this.datablock.add(block.address, { structs: await readStructs(this.#blend, block, layout) });
  }

  /** Paths are short, and come before long texts. */
  async keepText(block: FileBlock): Promise<void> {
    const isShort = block.lengthBytes <= LIMITS.rawBlockBytes && this.#textBytes < LIMITS.rawBytes;
    if (!this.#keepsTexts || !isShort) return;
    this.#textBytes += block.lengthBytes + OVERHEAD_BYTES;
    const text = decodeText(await readBlock(this.#blend.content, block));
    this.datablock.add(block.address, { text });
  }
}

/** Index 0 marks raw bytes, although the DNA has a struct 0. */
function layoutOf(blend: BlendFile, { structIndex, offset, code }: FileBlock): StructLayout | undefined {
  if (code === "DNA1" && offset !== blend.dnaOffset) throw damaged("has a second DNA", offset);
  if (structIndex === 0 || code === "DNA1") return undefined;
  const layout = blend.dna.layouts[structIndex];
  if (!layout) throw damaged("has a file block of a struct that its DNA does not describe", offset);
  return layout;
}

/** The whole struct if it is wanted, else its `ID`, which comes first and has the name. */
async function readRoot(
  blend: BlendFile,
  block: FileBlock,
  layout: StructLayout,
  isWanted: boolean,
): Promise<Datablock> {
  const idLayout = blend.dna.byName.get("ID");
  if (!idLayout || block.lengthBytes < idLayout.sizeBytes) {
    throw damaged("has a datablock that is too short", block.offset);
  }
  const [root] = isWanted
    ? await readStructs(blend, block, layout)
    : [structAt(blend, idLayout, await readBlock(blend.content, block, idLayout.sizeBytes), block.offset, 0)];
  if (!root) throw damaged("has an empty datablock", block.offset);
  const name = parseDatablockName(root.text("id.name", "name"));
  return new Datablock(name, block.address, root, layout.name === "ID");
}

async function readStructs(blend: BlendFile, block: FileBlock, layout: StructLayout): Promise<StructValue[]> {
  const { count, lengthBytes, offset } = block;
  if (layout.sizeBytes === 0 || count * layout.sizeBytes !== lengthBytes || lengthBytes > LIMITS.keptBytes) {
    throw damaged("has a file block whose length does not fit what it contains", offset);
  }
  const bytes = await readBlock(blend.content, block);
  return Array.from({ length: count }, (_, index) => structAt(blend, layout, bytes, offset, index));
}

function structAt(
  { header }: BlendFile,
  layout: StructLayout,
  bytes: Uint8Array,
  offset: number,
  index: number,
): StructValue {
  const start = index * layout.sizeBytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, layout.sizeBytes);
  return new StructValue(layout, view, header, offset + start);
}

function isDatablock({ name, fields: [first] }: StructLayout): boolean {
  return name === "ID" || (first?.type === "ID" && !first.isPointer);
}
