import type { ZipEntryFacts } from "./source-facts.ts";

// Sizes and offsets from PKWARE's APPNOTE.TXT, sections 4.3.12 to 4.3.16 and 4.5.3.
const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const ZIP64_LOCATOR_SIGNATURE = 0x07064b50;
const ZIP64_LOCATOR_BYTES = 20;
const ZIP64_END_SIGNATURE = 0x06064b50;
const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_BYTES = 46;
const ZIP64_EXTRA_ID = 1;
const UNICODE_PATH_EXTRA_ID = 0x7075;
const UTF8_FLAG = 0x800;
const MAX_U32 = 0xffffffff;
// From Unix, sys/stat.h.
const FILE_TYPE_MASK = 0o170000;
const SYMBOLIC_LINK = 0o120000;

/**
 * Reads the table of contents of an archive from its last bytes, for hosts that can only read a file as a stream.
 *
 * @param tail the end of the archive, which must include the whole table
 * @param sizeBytes the size of the archive
 * @returns undefined if the table is not in the tail or cannot be read
 */
export function readZipDirectory(tail: Uint8Array, sizeBytes: number): ZipEntryFacts[] | undefined {
  try {
    const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
    const tailOffset = sizeBytes - tail.byteLength;
    const { entryCount, offset } = findDirectory(view, tailOffset);
    return readEntries(tail, view, offset - tailOffset, entryCount);
  } catch (error) {
    // Reading beyond the available bytes.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function findDirectory(view: DataView, tailOffset: number): { entryCount: number; offset: number } {
  let end = view.byteLength - END_BYTES;
  while (!isEnd(view, end)) end -= 1;
  const locator = end - ZIP64_LOCATOR_BYTES;
  if (locator >= 0 && view.getUint32(locator, true) === ZIP64_LOCATOR_SIGNATURE) {
    const zip64End = readU64(view, locator + 8) - tailOffset;
    if (view.getUint32(zip64End, true) === ZIP64_END_SIGNATURE) {
      return { entryCount: readU64(view, zip64End + 32), offset: readU64(view, zip64End + 48) };
    }
  }
  return { entryCount: view.getUint16(end + 10, true), offset: view.getUint32(end + 16, true) };
}

/** The comment must extend to the end of the file, which rules out a signature inside a comment. */
function isEnd(view: DataView, at: number): boolean {
  if (view.getUint32(at, true) !== END_SIGNATURE) return false;
  return at + END_BYTES + view.getUint16(at + 20, true) === view.byteLength;
}

function readEntries(tail: Uint8Array, view: DataView, start: number, count: number): ZipEntryFacts[] {
  const entries: ZipEntryFacts[] = [];
  for (let at = start; entries.length < count; ) {
    if (view.getUint32(at, true) !== ENTRY_SIGNATURE) throw new RangeError("No entry here.");
    const nameBytes = view.getUint16(at + 28, true);
    const extraBytes = view.getUint16(at + 30, true);
    const nameAt = at + ENTRY_BYTES;
    entries.push({
      // Old archives may use another code page, but what the rules look for is ASCII in all of them.
      name: new TextDecoder().decode(tail.subarray(nameAt, nameAt + nameBytes)),
      isEncrypted: (view.getUint16(at + 8, true) & 1) === 1,
      method: view.getUint16(at + 10, true),
      isLink: isLink(view.getUint32(at + 38, true)),
      isNameUnicode: isNameUnicode({
        flags: view.getUint16(at + 8, true),
        name: tail.subarray(nameAt, nameAt + nameBytes),
        extraIds: readExtraIds(view, nameAt + nameBytes, extraBytes),
      }),
      sizeBytes: readSize(view, at, nameAt + nameBytes, extraBytes),
    });
    at = nameAt + nameBytes + extraBytes + view.getUint16(at + 32, true);
  }
  return entries;
}

/** @param attributes the external attributes; their upper half is the Unix mode, if the entry was created on Unix */
export function isLink(attributes: number): boolean {
  return ((attributes >>> 16) & FILE_TYPE_MASK) === SYMBOLIC_LINK;
}

/** Plain ASCII is the same everywhere. Other names need a flag or an extra field that marks them as UTF-8. */
export function isNameUnicode(entry: {
  readonly flags: number;
  readonly name: Uint8Array;
  readonly extraIds: readonly number[];
}): boolean {
  if (entry.flags & UTF8_FLAG || entry.extraIds.includes(UNICODE_PATH_EXTRA_ID)) return true;
  return entry.name.every((byte) => byte < 0x80);
}

function readExtraIds(view: DataView, extraAt: number, extraBytes: number): number[] {
  const ids: number[] = [];
  for (let at = extraAt; at + 4 <= extraAt + extraBytes; at += 4 + view.getUint16(at + 2, true))
    ids.push(view.getUint16(at, true));
  return ids;
}

function readSize(view: DataView, entryAt: number, extraAt: number, extraBytes: number): number {
  const sizeBytes = view.getUint32(entryAt + 24, true);
  if (sizeBytes !== MAX_U32) return sizeBytes;
  for (let at = extraAt; at + 4 <= extraAt + extraBytes; at += 4 + view.getUint16(at + 2, true)) {
    // The size that did not fit above comes first here.
    if (view.getUint16(at, true) === ZIP64_EXTRA_ID) return readU64(view, at + 4);
  }
  return sizeBytes;
}

function readU64(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}
