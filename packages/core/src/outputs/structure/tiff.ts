import { BrokenFile, type ByteReader } from "./byte-reader.ts";
import type { Checks } from "./checks.ts";
import { checkPackedPixels } from "./packed-pixels.ts";

const TAG = {
  width: 256,
  height: 257,
  compression: 259,
  stripOffsets: 273,
  samplesPerPixel: 277,
  rowsPerStrip: 278,
  stripBytes: 279,
  planar: 284,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileBytes: 325,
  subDirectories: 330,
} as const;
/** Bytes per value, by type. */
const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];
const MAX_DIRECTORIES = 10_000;
/** Adobe's Deflate, and the one before it. */
const ZLIB_COMPRESSIONS = [8, 32_946];
/** More strips or tiles than any image has. */
const MAX_VALUES = 10_000_000;

interface Layout {
  readonly isLittle: boolean;
  /** BigTIFF: everything is 64 bits wide. */
  readonly isBig: boolean;
}

type Fields = ReadonlyMap<number, readonly number[]>;

/** Checks every directory, and the position and number of its strips or tiles. */
export async function checkTiff(file: ByteReader, checks: Checks): Promise<boolean> {
  const head = await file.view(0, 8);
  const isLittle = head.getUint8(0) === 0x49;
  const isBig = head.getUint16(2, isLittle) === 43;
  const layout = { isLittle, isBig };
  const open = [isBig ? await readNumber(file, layout, 8) : head.getUint32(4, isLittle)];
  const seen = new Set<number>();
  let hasPixels = false;
  for (let offset = open.pop(); offset !== undefined; offset = open.pop()) {
    if (offset === 0 || seen.has(offset)) continue;
    seen.add(offset);
    if (seen.size > MAX_DIRECTORIES) throw damaged();
    const { fields, next } = await readDirectory(file, layout, offset);
    hasPixels = (await checkPixels(file, fields, checks)) || hasPixels;
    open.push(next, ...(fields.get(TAG.subDirectories) ?? []));
  }
  if (!hasPixels) throw new BrokenFile("has no pixels");
  return true;
}

async function readDirectory(file: ByteReader, layout: Layout, offset: number) {
  const { isLittle, isBig } = layout;
  const count = isBig
    ? await readNumber(file, layout, offset)
    : (await file.view(offset, 2)).getUint16(0, isLittle);
  const entryBytes = isBig ? 20 : 12;
  const start = offset + (isBig ? 8 : 2);
  const end = start + count * entryBytes;
  file.requireUntil(end + (isBig ? 8 : 4));
  const fields = new Map<number, readonly number[]>();
  for (let entry = start; entry < end; entry += entryBytes) {
    const tag = (await file.view(entry, 2)).getUint16(0, isLittle);
    fields.set(tag, await readValues(file, layout, entry));
  }
  return { fields, next: await readNumber(file, layout, end) };
}

/** The values of a field that is used. For other fields only the position is checked. */
async function readValues(file: ByteReader, layout: Layout, entry: number): Promise<readonly number[]> {
  const { isLittle, isBig } = layout;
  const head = await file.view(entry, 4);
  const [tag, type] = [head.getUint16(0, isLittle), head.getUint16(2, isLittle)];
  const count = await readNumber(file, layout, entry + 4);
  const valueBytes = TYPE_BYTES[type] ?? 0;
  const inlineBytes = isBig ? 8 : 4;
  const place = entry + 4 + inlineBytes;
  const offset = count * valueBytes <= inlineBytes ? place : await readNumber(file, layout, place);
  file.requireUntil(offset + count * valueBytes);
  if (!Object.values<number>(TAG).includes(tag)) return [];
  if (count > MAX_VALUES) throw damaged();
  const values: number[] = [];
  const stepCount = 4096;
  for (let first = 0; first < count; first += stepCount) {
    const step = Math.min(stepCount, count - first);
    const view = await file.view(offset + first * valueBytes, step * valueBytes);
    for (let index = 0; index < step; index++)
      values.push(readValue(view, index * valueBytes, type, isLittle));
  }
  return values;
}

function readValue(view: DataView, at: number, type: number, isLittle: boolean): number {
  if (type === 3) return view.getUint16(at, isLittle);
  if (type === 4 || type === 13) return view.getUint32(at, isLittle);
  if (type === 16 || type === 18) return Number(view.getBigUint64(at, isLittle));
  return type === 1 ? view.getUint8(at) : Number.NaN;
}

async function readNumber(file: ByteReader, { isLittle, isBig }: Layout, offset: number): Promise<number> {
  const view = await file.view(offset, isBig ? 8 : 4);
  return isBig ? Number(view.getBigUint64(0, isLittle)) : view.getUint32(0, isLittle);
}

/** @returns whether the directory describes an image at all */
async function checkPixels(file: ByteReader, fields: Fields, { inflate }: Checks): Promise<boolean> {
  const isTiled = fields.has(TAG.tileOffsets);
  const offsets = fields.get(isTiled ? TAG.tileOffsets : TAG.stripOffsets);
  const lengths = fields.get(isTiled ? TAG.tileBytes : TAG.stripBytes);
  if (!offsets) return false;
  const expected = isTiled ? countTiles(fields) : countStrips(fields);
  // Without lengths, there is one strip up to the end of the file.
  if (offsets.length !== expected || (lengths && lengths.length !== expected)) throw damaged();
  const isZlib = ZLIB_COMPRESSIONS.includes(fields.get(TAG.compression)?.[0] ?? 1);
  for (const [index, start] of offsets.entries()) {
    const lengthBytes = lengths?.[index];
    const end = start + (lengthBytes ?? 1);
    file.requireUntil(end);
    if (inflate && isZlib && lengthBytes) await checkPackedPixels(file, { start, end }, inflate);
  }
  return true;
}

function countStrips(fields: Fields): number {
  const height = first(fields, TAG.height);
  return Math.ceil(height / Math.min(height, first(fields, TAG.rowsPerStrip, height))) * planes(fields);
}

function countTiles(fields: Fields): number {
  const across = Math.ceil(first(fields, TAG.width) / first(fields, TAG.tileWidth));
  return across * Math.ceil(first(fields, TAG.height) / first(fields, TAG.tileHeight)) * planes(fields);
}

function planes(fields: Fields): number {
  return first(fields, TAG.planar, 1) === 2 ? first(fields, TAG.samplesPerPixel, 1) : 1;
}

function first(fields: Fields, tag: number, otherwise?: number): number {
  const value = fields.get(tag)?.[0] ?? otherwise;
  if (value === undefined || !(value > 0)) throw damaged();
  return value;
}

function damaged(): BrokenFile {
  return new BrokenFile("is damaged: its directory is invalid");
}
