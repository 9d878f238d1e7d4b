import { BrokenFile, type ByteReader } from "./byte-reader.ts";

const HEADER = 0x1a45dfa3;
const SEGMENT = 0x18538067;
const CLUSTER = 0x1f43b675;

interface Element {
  readonly id: number;
  readonly dataOffset: number;
  /** Undefined for a stream whose writer did not know its length in advance. */
  readonly end: number | undefined;
}

/** Matroska and WebM: checks the elements of the segment, each with its length. */
export async function checkMatroska(file: ByteReader): Promise<boolean> {
  const header = await readElement(file, 0);
  if (header.id !== HEADER || header.end === undefined) throw damaged();
  const segment = await readElement(file, header.end);
  if (segment.id !== SEGMENT) throw damaged();
  if (segment.end !== undefined) file.requireUntil(segment.end);
  const end = segment.end ?? file.sizeBytes;
  let hasFrames = false;
  for (let offset = segment.dataOffset; offset < end; ) {
    const element = await readElement(file, offset);
    hasFrames ||= element.id === CLUSTER;
    if (element.end === undefined) return false;
    file.requireUntil(element.end);
    offset = element.end;
  }
  if (!hasFrames) throw new BrokenFile("has no frames");
  return segment.end === file.sizeBytes;
}

/** Id and length are numbers of 1 to 8 bytes; the first set bit says how many. */
async function readElement(file: ByteReader, offset: number): Promise<Element> {
  const idBytes = await countBytes(file, offset, 4);
  const lengthOffset = offset + idBytes;
  const lengthBytes = await countBytes(file, lengthOffset, 8);
  const id = Number(await readNumber(file, offset, idBytes));
  const marked = await readNumber(file, lengthOffset, lengthBytes);
  const unknown = (1n << BigInt(7 * lengthBytes)) - 1n;
  const length = marked & unknown;
  const dataOffset = lengthOffset + lengthBytes;
  return { id, dataOffset, end: length === unknown ? undefined : dataOffset + Number(length) };
}

async function countBytes(file: ByteReader, offset: number, most: number): Promise<number> {
  const bytes = Math.clz32((await file.view(offset, 1)).getUint8(0)) - 24 + 1;
  if (bytes > most) throw damaged();
  return bytes;
}

async function readNumber(file: ByteReader, offset: number, lengthBytes: number): Promise<bigint> {
  let number = 0n;
  for (const byte of await file.bytes(offset, lengthBytes)) number = (number << 8n) | BigInt(byte);
  return number;
}

function damaged(): BrokenFile {
  return new BrokenFile("is damaged: a part has the wrong length");
}
