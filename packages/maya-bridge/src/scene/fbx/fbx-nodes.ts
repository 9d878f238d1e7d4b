import { type FileHandle, open } from "node:fs/promises";
import { inflateSync } from "node:zlib";

const MAGIC = "Kaydara FBX Binary  \0\x1a\0";
const HEADER_BYTES = 27;
/** From this version on, offsets have 64 bits. */
const WIDE_OFFSETS_VERSION = 7500;
/** A node's header and its first properties: an id, a name, a class. */
const HEAD_BYTES = 4096;
const FIXED_BYTES: Readonly<Record<string, number>> = { Y: 2, C: 1, B: 1, Z: 1, I: 4, F: 4, D: 8, L: 8 };
const ARRAYS = "fdlibc";
const ARRAY_HEAD_BYTES = 13;
/** The type of an array by the type of one value. */
const ARRAY_ELEMENTS: Readonly<Record<string, string>> = { f: "F", d: "D", l: "L", i: "I", b: "C", c: "C" };
const ELEMENT_BYTES: Readonly<Record<string, number>> = { f: 4, d: 8, l: 8, i: 4, b: 1, c: 1 };

export type FbxValue = number | string | bigint | null;

export interface FbxNode {
  readonly name: string;
  /** Arrays and raw bytes are null. */
  readonly values: readonly FbxValue[];
  /** Reads the child nodes, one by one, without their contents. */
  readonly children: () => AsyncGenerator<FbxNode>;
  /** Reads its first value if it is an array; otherwise empty. */
  readonly array: () => Promise<readonly number[]>;
}

export interface FbxFile extends AsyncDisposable {
  /** 7500 is FBX 2016. */
  readonly version: number;
  readonly nodes: () => AsyncGenerator<FbxNode>;
}

/**
 * Opens a binary FBX file for reading node by node, without its geometry.
 *
 * @returns undefined if the file is not a binary FBX
 */
export async function openFbx(path: string): Promise<FbxFile | undefined> {
  const file = await open(path);
  const head = await readAt(file, 0, HEADER_BYTES);
  if (head.length < HEADER_BYTES || head.toString("latin1", 0, MAGIC.length) !== MAGIC) {
    await file.close();
    return undefined;
  }
  const { size } = await file.stat();
  const version = head.readUInt32LE(MAGIC.length);
  return {
    version,
    nodes: () => readNodes({ file, isWide: version >= WIDE_OFFSETS_VERSION }, HEADER_BYTES, size),
    [Symbol.asyncDispose]: () => file.close(),
  };
}

interface Reading {
  readonly file: FileHandle;
  readonly isWide: boolean;
}

async function* readNodes(reading: Reading, start: number, end: number): AsyncGenerator<FbxNode> {
  let position = start;
  while (position < end) {
    const head = await readAt(reading.file, position, Math.min(HEAD_BYTES, end - position));
    const node = parseHead(reading, head, position);
    if (!node) return;
    yield {
      name: node.name,
      values: parseValues(head.subarray(node.valuesStart), node.valueCount),
      children: () => readNodes(reading, position + node.childrenStart, node.end),
      array: () => readArray(reading.file, position + node.valuesStart, position + node.childrenStart),
    };
    position = node.end;
  }
}

interface NodeHead {
  readonly name: string;
  readonly valueCount: number;
  /** Bytes from the node's start to its values, and to what follows them. */
  readonly valuesStart: number;
  readonly childrenStart: number;
  /** Absolute. */
  readonly end: number;
}

/** @returns undefined for the empty node that ends a list, and for invalid data */
function parseHead({ isWide }: Reading, head: Buffer, position: number): NodeHead | undefined {
  const numberBytes = isWide ? 8 : 4;
  const valuesAt = 3 * numberBytes + 1;
  if (head.length < valuesAt) return undefined;
  const read = (index: number) =>
    isWide ? Number(head.readBigUInt64LE(index * 8)) : head.readUInt32LE(index * 4);
  const [end, valueCount, valueBytes] = [read(0), read(1), read(2)];
  if (end <= position) return undefined;
  const valuesStart = valuesAt + head.readUInt8(valuesAt - 1);
  const name = head.toString("latin1", valuesAt, valuesStart);
  return { name, valueCount, valuesStart, childrenStart: valuesStart + valueBytes, end };
}

async function readArray(file: FileHandle, start: number, end: number): Promise<readonly number[]> {
  const bytes = await readAt(file, start, end - start);
  const type = String.fromCharCode(bytes[0] ?? 0);
  const elementBytes = ELEMENT_BYTES[type];
  if (elementBytes === undefined || bytes.length < ARRAY_HEAD_BYTES) return [];
  const [count, isPacked, packedBytes] = [1, 5, 9].map((at) => bytes.readUInt32LE(at)) as [
    number,
    number,
    number,
  ];
  const body = bytes.subarray(ARRAY_HEAD_BYTES, isPacked ? ARRAY_HEAD_BYTES + packedBytes : undefined);
  const plain = isPacked ? inflateSync(body, { maxOutputLength: count * elementBytes }) : body;
  return Array.from({ length: count }, (_, index) =>
    Number(parseNumber(ARRAY_ELEMENTS[type] ?? type, plain, index * elementBytes)),
  );
}

function parseValues(bytes: Buffer, count: number): FbxValue[] {
  const values: FbxValue[] = [];
  let position = 0;
  try {
    for (let index = 0; index < count; index++) {
      const type = String.fromCharCode(bytes.readUInt8(position));
      const [value, sizeBytes] = parseValue(type, bytes, position + 1);
      values.push(value);
      position += 1 + sizeBytes;
    }
  } catch {
    // Longer than what was read: an array or an embedded file, after everything of interest.
  }
  return values;
}

function parseValue(type: string, bytes: Buffer, at: number): [value: FbxValue, sizeBytes: number] {
  if (type === "S" || type === "R") {
    const length = bytes.readUInt32LE(at);
    if (type === "R") return [null, 4 + length];
    if (at + 4 + length > bytes.length) throw new RangeError("The text is longer than what was read.");
    return [bytes.toString("utf8", at + 4, at + 4 + length), 4 + length];
  }
  if (ARRAYS.includes(type)) return [null, 12 + bytes.readUInt32LE(at + 8)];
  const sizeBytes = FIXED_BYTES[type];
  if (sizeBytes === undefined) throw new RangeError(`There is no type ${type}.`);
  return [parseNumber(type, bytes, at), sizeBytes];
}

function parseNumber(type: string, bytes: Buffer, at: number): FbxValue {
  switch (type) {
    case "L":
      return bytes.readBigInt64LE(at);
    case "D":
      return bytes.readDoubleLE(at);
    case "F":
      return bytes.readFloatLE(at);
    case "I":
      return bytes.readInt32LE(at);
    case "Y":
      return bytes.readInt16LE(at);
    default:
      return bytes.readInt8(at);
  }
}

async function readAt(file: FileHandle, position: number, sizeBytes: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(sizeBytes), 0, sizeBytes, position);
  return buffer.subarray(0, bytesRead);
}
