import { BrokenFile, type ByteReader } from "./byte-reader.ts";
import type { Checks } from "./checks.ts";

const END_BYTES = 22;
const LOCATOR_BYTES = 20;
const MAX_COMMENT_BYTES = 0xffff;
const IS_ENCRYPTED = 1;
/** Lengths and checksum follow the content, since the writer did not know them in advance. */
const IS_TOLD_LATER = 8;
const [STORED, DEFLATED] = [0, 8];

interface Directory {
  readonly offset: number;
  readonly sizeBytes: number;
  readonly entryCount: number;
}

interface Entry {
  readonly crc: number;
  readonly method: number;
  readonly isEncrypted: boolean;
  readonly packedBytes: number;
  readonly sizeBytes: number;
  readonly headerOffset: number;
}

/** Checks the directory at the end, and the checksum of every entry. */
export async function checkZip(file: ByteReader, checks: Checks): Promise<boolean> {
  const directory = await readEnd(file);
  const end = directory.offset + directory.sizeBytes;
  file.requireUntil(end);
  const entries: Entry[] = [];
  let offset = directory.offset;
  while (offset < end) {
    const { entry, next } = await readEntry(file, offset);
    entries.push(entry);
    offset = next;
  }
  if (offset !== end || entries.length !== directory.entryCount) throw damaged();
  for (const entry of entries) await checkEntry(file, entry, checks);
  return true;
}

/** Searches backwards from the end, since a comment may follow. */
async function readEnd(file: ByteReader): Promise<Directory> {
  const searchBytes = Math.min(file.sizeBytes, END_BYTES + MAX_COMMENT_BYTES);
  const start = file.sizeBytes - searchBytes;
  const tail = (await file.bytes(start, searchBytes)).slice();
  const view = new DataView(tail.buffer);
  for (let at = searchBytes - END_BYTES; at >= 0; at--) {
    const isEnd = view.getUint32(at) === 0x504b0506;
    if (!isEnd || at + END_BYTES + view.getUint16(at + 20, true) !== searchBytes) continue;
    const large = await readLargeEnd(file, start + at - LOCATOR_BYTES);
    if (large) return large;
    return {
      entryCount: view.getUint16(at + 10, true),
      sizeBytes: view.getUint32(at + 12, true),
      offset: view.getUint32(at + 16, true),
    };
  }
  throw new BrokenFile("is cut off: its directory is missing");
}

/** Zip64: another record has the numbers that do not fit. */
async function readLargeEnd(file: ByteReader, offset: number): Promise<Directory | undefined> {
  if (offset < 0) return undefined;
  const locator = await file.view(offset, LOCATOR_BYTES);
  if (locator.getUint32(0) !== 0x504b0607) return undefined;
  const end = await file.view(Number(locator.getBigUint64(8, true)), 56);
  if (end.getUint32(0) !== 0x504b0606) throw damaged();
  return {
    entryCount: Number(end.getBigUint64(32, true)),
    sizeBytes: Number(end.getBigUint64(40, true)),
    offset: Number(end.getBigUint64(48, true)),
  };
}

async function readEntry(file: ByteReader, offset: number): Promise<{ entry: Entry; next: number }> {
  const view = await file.view(offset, 46);
  if (view.getUint32(0) !== 0x504b0102) throw damaged();
  const short = {
    sizeBytes: view.getUint32(24, true),
    packedBytes: view.getUint32(20, true),
    headerOffset: view.getUint32(42, true),
  };
  const [crc, method] = [view.getUint32(16, true), view.getUint16(10, true)];
  const isEncrypted = (view.getUint16(8, true) & IS_ENCRYPTED) !== 0;
  const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((at) => view.getUint16(at, true)) as [
    number,
    number,
    number,
  ];
  const extra = await file.view(offset + 46 + nameBytes, extraBytes);
  return {
    entry: { crc, method, isEncrypted, ...readLarge(extra, short) },
    next: offset + 46 + nameBytes + extraBytes + commentBytes,
  };
}

/** The numbers that do not fit are in extra field 1, one after the other. */
function readLarge<Numbers extends Readonly<Record<string, number>>>(
  extra: DataView,
  short: Numbers,
): Numbers {
  const large: Record<string, number> = { ...short };
  for (let at = 0; at + 4 <= extra.byteLength; at += 4 + extra.getUint16(at + 2, true)) {
    if (extra.getUint16(at, true) !== 1) continue;
    let place = at + 4;
    for (const [name, number] of Object.entries(short)) {
      if (number !== 0xffffffff) continue;
      if (place + 8 > extra.byteLength) throw damaged();
      large[name] = Number(extra.getBigUint64(place, true));
      place += 8;
    }
  }
  return large as Numbers;
}

async function checkEntry(file: ByteReader, entry: Entry, checks: Checks): Promise<void> {
  const header = await file.view(entry.headerOffset, 30);
  const hasCrc = (header.getUint16(6, true) & IS_TOLD_LATER) === 0;
  const isSame =
    header.getUint16(8, true) === entry.method && (!hasCrc || header.getUint32(14, true) === entry.crc);
  if (header.getUint32(0) !== 0x504b0304 || !isSame) throw damaged();
  const start = entry.headerOffset + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  const packed = file.pieces(start, start + entry.packedBytes);
  const content = entry.isEncrypted ? undefined : unpack(packed, entry.method, checks);
  if (!content) return file.requireUntil(start + entry.packedBytes);
  let crc = 0;
  let sizeBytes = 0;
  for await (const piece of content) {
    crc = checks.crc32(piece, crc);
    sizeBytes += piece.byteLength;
    if (sizeBytes > entry.sizeBytes) break;
  }
  if (crc !== entry.crc || sizeBytes !== entry.sizeBytes) {
    throw new BrokenFile("is damaged: a checksum is wrong");
  }
}

function unpack(
  packed: AsyncIterable<Uint8Array>,
  method: number,
  { inflateRaw }: Checks,
): AsyncIterable<Uint8Array> | undefined {
  if (method === STORED) return packed;
  return method === DEFLATED && inflateRaw ? unpackDeflated(packed, inflateRaw) : undefined;
}

async function* unpackDeflated(
  packed: AsyncIterable<Uint8Array>,
  inflateRaw: NonNullable<Checks["inflateRaw"]>,
): AsyncGenerator<Uint8Array, void> {
  try {
    yield* inflateRaw(packed);
  } catch (error) {
    throw error instanceof BrokenFile ? error : damaged();
  }
}

function damaged(): BrokenFile {
  return new BrokenFile("is damaged: its directory or an entry is invalid");
}
