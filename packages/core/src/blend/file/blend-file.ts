import type { BlendContent } from "../content/blend-content.ts";
import { type Dna, parseDna } from "../dna/parse-dna.ts";
import { LIMITS } from "../limits.ts";
import { damaged } from "./damaged.ts";
import { findDna } from "./find-dna.ts";
import { type BlendHeader, MAX_HEADER_BYTES, parseHeader } from "./header.ts";
import { readBlock } from "./walk-blocks.ts";

/** A `.blend` whose header and DNA were read: its blocks can be understood. */
export interface BlendFile {
  readonly content: BlendContent;
  readonly header: BlendHeader;
  readonly dna: Dna;
  /** Where the block with the DNA is. There may be only one. */
  readonly dnaOffset: number;
}

/** @throws BlendFileError */
export async function openBlendFile(content: BlendContent): Promise<BlendFile> {
  const header = parseHeader(await content.read(0, MAX_HEADER_BYTES));
  const block = await findDna(content, header);
  if (block.lengthBytes > LIMITS.dnaBytes) throw damaged("has a DNA of impossible size", block.offset);
  const dna = parseDna(await readBlock(content, block), header, block.offset);
  return { content, header, dna, dnaOffset: block.offset };
}
