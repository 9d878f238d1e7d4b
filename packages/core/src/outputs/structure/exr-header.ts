import { BrokenFile, type ByteReader } from "./byte-reader.ts";

const IS_TILED = 0x200;
const IS_DEEP = 0x800;
const IS_MULTI_PART = 0x1000;
/** Scan lines per chunk, by compression: none, RLE, ZIPS, ZIP, PIZ, PXR24, B44, B44A, DWAA, DWAB, HTJ2K. */
const LINES_PER_CHUNK = [1, 1, 1, 16, 32, 16, 32, 32, 32, 256, 256, 32];
/** More attributes than any image has: the header is garbage. */
const MAX_ATTRIBUTES = 100_000;
const MAX_NAME_BYTES = 256;
const MAX_CHANNELS_BYTES = 1024 * 1024;
/** ZIPS and ZIP. */
const ZLIB_COMPRESSIONS = [2, 3];
/** Unsigned integers, halves, floats. */
const SAMPLE_BYTES = [4, 2, 4];

export interface ExrPart {
  readonly isDeep: boolean;
  readonly isTiled: boolean;
  /** Undefined for an unknown compression. */
  readonly chunkCount: number | undefined;
  /** The first and the last scan line with pixels. */
  readonly lines: readonly [number, number];
  readonly linesPerChunk: number;
  /** Bytes of a decompressed line, if chunks are lines in a zlib stream. */
  readonly zlibLineBytes: number | undefined;
}

export interface ExrHeader {
  readonly isMultiPart: boolean;
  readonly parts: readonly ExrPart[];
  /** Where the tables of chunk offsets start. */
  readonly endOffset: number;
}

interface Attribute {
  readonly type: string;
  readonly value: DataView;
}

export async function readExrHeader(file: ByteReader): Promise<ExrHeader> {
  const flags = (await file.view(4, 4)).getUint32(0, true);
  const isMultiPart = (flags & IS_MULTI_PART) !== 0;
  const parts: ExrPart[] = [];
  let offset = 8;
  for (;;) {
    const { attributes, end } = await readAttributes(file, offset);
    offset = end;
    // An empty header ends a list of several parts.
    if (attributes.size === 0 && isMultiPart && parts.length > 0) break;
    parts.push(readPart(attributes, flags));
    if (!isMultiPart) break;
  }
  return { isMultiPart, parts, endOffset: offset };
}

async function readAttributes(file: ByteReader, start: number) {
  const attributes = new Map<string, Attribute>();
  let offset = start;
  for (let count = 0; count < MAX_ATTRIBUTES; count++) {
    const name = await readName(file, offset);
    offset += name.length + 1;
    if (name === "") return { attributes, end: offset };
    const type = await readName(file, offset);
    offset += type.length + 1;
    const lengthBytes = (await file.view(offset, 4)).getInt32(0, true);
    offset += 4;
    if (lengthBytes < 0) throw damaged();
    file.requireUntil(offset + lengthBytes);
    // The ones that matter are short; a preview or a list of objects is not.
    const value = (
      await file.bytes(
        offset,
        Math.min(lengthBytes, name === "channels" ? MAX_CHANNELS_BYTES : MAX_NAME_BYTES),
      )
    ).slice();
    attributes.set(name, { type, value: new DataView(value.buffer) });
    offset += lengthBytes;
  }
  throw damaged();
}

async function readName(file: ByteReader, offset: number): Promise<string> {
  const bytes = await file.bytes(offset, Math.min(MAX_NAME_BYTES, file.sizeBytes - offset));
  const end = bytes.indexOf(0);
  if (end >= 0) return String.fromCharCode(...bytes.subarray(0, end));
  throw bytes.length < MAX_NAME_BYTES ? new BrokenFile("is cut off") : damaged();
}

function readPart(attributes: ReadonlyMap<string, Attribute>, flags: number): ExrPart {
  const named = readType(attributes);
  const isTiled = named ? /tile/.test(named) : (flags & IS_TILED) !== 0;
  const isDeep = named ? /^deep/.test(named) : (flags & IS_DEEP) !== 0;
  const window = find(attributes, "dataWindow", 16);
  const [left, top, right, bottom] = [0, 4, 8, 12].map((at) => window.getInt32(at, true)) as [
    number,
    number,
    number,
    number,
  ];
  if (right < left || bottom < top) throw damaged();
  const compression = find(attributes, "compression", 1).getUint8(0);
  const linesPerChunk = LINES_PER_CHUNK[compression];
  const told = attributes.get("chunkCount")?.value;
  const size = [right - left + 1, bottom - top + 1] as const;
  const counted = isTiled
    ? countTiles(find(attributes, "tiles", 9), size)
    : linesPerChunk && Math.ceil(size[1] / linesPerChunk);
  const chunkCount = told && told.byteLength >= 4 ? told.getInt32(0, true) : counted;
  if (chunkCount !== undefined && chunkCount <= 0) throw damaged();
  const isZlib = ZLIB_COMPRESSIONS.includes(compression) && !isTiled && !isDeep;
  return {
    isDeep,
    isTiled,
    chunkCount,
    lines: [top, bottom],
    linesPerChunk: linesPerChunk ?? 1,
    zlibLineBytes: isZlib ? readLineBytes(find(attributes, "channels", 1), size[0]) : undefined,
  };
}

/** Undefined if a channel has fewer samples than pixels. */
function readLineBytes(channels: DataView, width: number): number | undefined {
  let lineBytes = 0;
  for (let offset = 0; offset < channels.byteLength; ) {
    if (channels.getUint8(offset) === 0) return lineBytes;
    while (offset < channels.byteLength && channels.getUint8(offset) !== 0) offset++;
    offset++;
    if (offset + 16 > channels.byteLength) return undefined;
    const sampleBytes = SAMPLE_BYTES[channels.getInt32(offset, true)];
    const [across, down] = [channels.getInt32(offset + 8, true), channels.getInt32(offset + 12, true)];
    if (sampleBytes === undefined || across !== 1 || down !== 1) return undefined;
    lineBytes += width * sampleBytes;
    offset += 16;
  }
  return undefined;
}

function readType(attributes: ReadonlyMap<string, Attribute>): string | undefined {
  const attribute = attributes.get("type");
  if (attribute?.type !== "string") return undefined;
  return String.fromCharCode(...new Uint8Array(attribute.value.buffer));
}

function find(attributes: ReadonlyMap<string, Attribute>, name: string, lengthBytes: number): DataView {
  const attribute = attributes.get(name);
  if (!attribute || attribute.value.byteLength < lengthBytes) throw damaged();
  return attribute.value;
}

/** The tiles of all levels: a single one, a series that halves both sides, or a grid that halves each side separately. */
function countTiles(tiles: DataView, size: readonly [number, number]): number {
  const tile = [tiles.getUint32(0, true), tiles.getUint32(4, true)] as const;
  const mode = tiles.getUint8(8);
  const round = mode >> 4 === 1 ? Math.ceil : Math.floor;
  if (tile[0] === 0 || tile[1] === 0) throw damaged();
  const halve = (length: number, level: number) => Math.max(1, round(length / 2 ** level));
  const levels = (length: number) => round(Math.log2(length)) + 1;
  const across = (side: 0 | 1, level: number) => Math.ceil(halve(size[side], level) / tile[side]);
  const upTo = (count: number) => Array.from({ length: count }, (_, level) => level);
  const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
  if ((mode & 0xf) === 0) return across(0, 0) * across(1, 0);
  if ((mode & 0xf) === 1) {
    return sum(upTo(levels(Math.max(...size))).map((level) => across(0, level) * across(1, level)));
  }
  const [wide, high] = [0, 1].map((side) =>
    sum(upTo(levels(size[side as 0 | 1])).map((level) => across(side as 0 | 1, level))),
  ) as [number, number];
  return wide * high;
}

function damaged(): BrokenFile {
  return new BrokenFile("is damaged: its header is invalid");
}
