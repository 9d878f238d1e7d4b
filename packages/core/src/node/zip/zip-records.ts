/** What the records of an archive say about a file. */
export interface ZipMember {
  /** The path in the archive, with `/`. */
  readonly name: string;
  readonly sizeBytes: number;
}

/** A file of this size or more, or one that starts here, needs the 64-bit fields. */
const MAX_32 = 0xffffffff;
const MAX_16 = 0xffff;
const VERSION = 20;
const VERSION_ZIP64 = 45;
const MADE_BY_UNIX = 3 << 8;
const MODE = 0o100644;
/** Bit 3: the checksum follows the content. Bit 11: the name is UTF-8. */
const FLAGS = 0x0808;
/** 1 January 1980: the same files always give the same archive. */
const DATE = 0x0021;
const ZIP64_FIELD = 0x0001;

/** What comes before a file's content. Lengths and checksum are in the descriptor behind it. */
export function localHeader(member: ZipMember): Buffer {
  const isLarge = isZip64(member);
  const nameBytes = Buffer.byteLength(member.name);
  const wide = isLarge ? [0, 0] : [];
  const record = emptyRecord(30 + nameBytes + zip64Bytes(wide));
  record.writeUInt32LE(0x04034b50, 0);
  writeCommon(record, 4, isLarge);
  record.writeUInt32LE(isLarge ? MAX_32 : 0, 18);
  record.writeUInt32LE(isLarge ? MAX_32 : 0, 22);
  record.writeUInt16LE(nameBytes, 26);
  record.writeUInt16LE(zip64Bytes(wide), 28);
  record.write(member.name, 30);
  writeZip64(record, 30 + nameBytes, wide);
  return record;
}

/** What comes after a file's content. */
export function descriptor(member: ZipMember, checksum: number): Buffer {
  const { sizeBytes } = member;
  const isLarge = isZip64(member);
  const record = emptyRecord(isLarge ? 24 : 16);
  record.writeUInt32LE(0x08074b50, 0);
  record.writeUInt32LE(checksum, 4);
  if (isLarge) {
    record.writeBigUInt64LE(BigInt(sizeBytes), 8);
    record.writeBigUInt64LE(BigInt(sizeBytes), 16);
  } else {
    record.writeUInt32LE(sizeBytes, 8);
    record.writeUInt32LE(sizeBytes, 12);
  }
  return record;
}

/** A file's row in the table of contents. `offset` is where its local header starts. */
export function directoryRecord(member: ZipMember, checksum: number, offset: number): Buffer {
  const { name, sizeBytes } = member;
  const isLarge = isZip64(member);
  const isFar = offset >= MAX_32;
  const nameBytes = Buffer.byteLength(name);
  const wide = [...(isLarge ? [sizeBytes, sizeBytes] : []), ...(isFar ? [offset] : [])];
  const record = emptyRecord(46 + nameBytes + zip64Bytes(wide));
  record.writeUInt32LE(0x02014b50, 0);
  record.writeUInt16LE(MADE_BY_UNIX | VERSION_ZIP64, 4);
  writeCommon(record, 6, isLarge || isFar);
  record.writeUInt32LE(checksum, 16);
  record.writeUInt32LE(isLarge ? MAX_32 : sizeBytes, 20);
  record.writeUInt32LE(isLarge ? MAX_32 : sizeBytes, 24);
  record.writeUInt16LE(nameBytes, 28);
  record.writeUInt16LE(zip64Bytes(wide), 30);
  record.writeUInt32LE((MODE << 16) >>> 0, 38);
  record.writeUInt32LE(isFar ? MAX_32 : offset, 42);
  record.write(name, 46);
  writeZip64(record, 46 + nameBytes, wide);
  return record;
}

interface Directory {
  readonly count: number;
  readonly offset: number;
  readonly sizeBytes: number;
}

/** The end of the archive, which says where the table of contents is. */
export function directoryEnd({ count, offset, sizeBytes }: Directory): Buffer {
  const isLarge = count >= MAX_16 || offset >= MAX_32 || sizeBytes >= MAX_32;
  const record = emptyRecord(22);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt16LE(Math.min(count, MAX_16), 8);
  record.writeUInt16LE(Math.min(count, MAX_16), 10);
  record.writeUInt32LE(Math.min(sizeBytes, MAX_32), 12);
  record.writeUInt32LE(Math.min(offset, MAX_32), 16);
  return isLarge ? Buffer.concat([zip64End({ count, offset, sizeBytes }), record]) : record;
}

/** The same without limits, and the locator by which it is found. */
function zip64End({ count, offset, sizeBytes }: Directory): Buffer {
  const record = emptyRecord(76);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeUInt16LE(MADE_BY_UNIX | VERSION_ZIP64, 12);
  record.writeUInt16LE(VERSION_ZIP64, 14);
  record.writeBigUInt64LE(BigInt(count), 24);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(sizeBytes), 40);
  record.writeBigUInt64LE(BigInt(offset), 48);
  record.writeUInt32LE(0x07064b50, 56);
  record.writeBigUInt64LE(BigInt(offset + sizeBytes), 64);
  record.writeUInt32LE(1, 72);
  return record;
}

function writeCommon(record: Buffer, at: number, isWide: boolean): void {
  record.writeUInt16LE(isWide ? VERSION_ZIP64 : VERSION, at);
  record.writeUInt16LE(FLAGS, at + 2);
  record.writeUInt16LE(DATE, at + 8);
}

/** The numbers that do not fit into 32 bits. */
function writeZip64(record: Buffer, at: number, wide: readonly number[]): void {
  if (wide.length === 0) return;
  record.writeUInt16LE(ZIP64_FIELD, at);
  record.writeUInt16LE(wide.length * 8, at + 2);
  for (const [index, value] of wide.entries()) record.writeBigUInt64LE(BigInt(value), at + 4 + index * 8);
}

function zip64Bytes(wide: readonly number[]): number {
  return wide.length === 0 ? 0 : 4 + wide.length * 8;
}

/** Out of Node's pool: `Buffer.alloc` would ask the system for each of them. */
function emptyRecord(sizeBytes: number): Buffer {
  return Buffer.allocUnsafe(sizeBytes).fill(0);
}

function isZip64({ sizeBytes }: ZipMember): boolean {
  return sizeBytes >= MAX_32;
}
