import { damaged } from "./damaged.ts";
import type { BlendHeader } from "./header.ts";

/** A BHead: what stands before the bytes of each file block. */
export interface FileBlock {
  /** `DATA`, `DNA1`, `GLOB`, or the two letters of a datablock, such as `OB`. */
  readonly code: string;
  /** Index of the struct in the DNA. 0 marks raw bytes, such as texts and pixels. */
  readonly structIndex: number;
  /** Where the data lay in memory when it was saved: what pointers in other blocks refer to. */
  readonly address: bigint;
  /** How many structs the block contains. */
  readonly count: number;
  /** Where its bytes start, after the head. */
  readonly offset: number;
  readonly lengthBytes: number;
}

/** @returns 20, 24 or 32 */
export function blockHeadBytes({ format, pointerBytes }: BlendHeader): number {
  return format === 1 ? 32 : 16 + pointerBytes;
}

/** @throws BlendFileError if lengths are negative or beyond what numbers can express */
export function parseBlockHead(bytes: Uint8Array, header: BlendHeader, headOffset: number): FileBlock {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields = header.format === 1 ? readCurrent(view) : readLegacy(view, header);
  const { structIndex, count, lengthBytes } = fields;
  if (structIndex < 0 || !isCount(count) || !isCount(lengthBytes)) {
    throw damaged("has a file block with an impossible length", headOffset);
  }
  return { ...fields, code: readCode(bytes), offset: headOffset + blockHeadBytes(header) };
}

function readLegacy(view: DataView, { pointerBytes, isLittleEndian }: BlendHeader) {
  return {
    lengthBytes: view.getInt32(4, isLittleEndian),
    address:
      pointerBytes === 8 ? view.getBigUint64(8, isLittleEndian) : BigInt(view.getUint32(8, isLittleEndian)),
    structIndex: view.getInt32(8 + pointerBytes, isLittleEndian),
    count: view.getInt32(12 + pointerBytes, isLittleEndian),
  };
}

function readCurrent(view: DataView) {
  return {
    structIndex: view.getInt32(4, true),
    address: view.getBigUint64(8, true),
    lengthBytes: Number(view.getBigInt64(16, true)),
    count: Number(view.getBigInt64(24, true)),
  };
}

function isCount(number: number): boolean {
  return number >= 0 && number <= Number.MAX_SAFE_INTEGER;
}

/** Two-letter codes are padded with zeros. */
export function readCode(bytes: Uint8Array): string {
  const code = String.fromCharCode(bytes[0] ?? 0, bytes[1] ?? 0, bytes[2] ?? 0, bytes[3] ?? 0);
  return bytes[2] === 0 ? code.slice(0, 2) : code;
}
