import { crc32 } from "node:zlib";
import yauzl, { type Entry, type ZipFile } from "yauzl";
import {
  END_BYTES,
  type InsideFacts,
  type SourceFacts,
  type ZipEntryFacts,
} from "../../scene/preflight/index.ts";
import { LFS_POINTER_MAX_BYTES } from "../../scene/preflight/inside-rules.ts";
import { sceneNames } from "../../scene/preflight/main-scene.ts";
import { isLink, isNameUnicode } from "../../scene/preflight/zip-directory.ts";
import { findStreamPacking } from "./find-packing.ts";

/** More entries than any scene has; the rest would not tell us anything new. */
const MAX_ENTRIES = 200_000;
/** Limits how many files are opened, to keep the check to a few seconds before an upload. */
const MAX_LOOKED_INTO = 2000;
/** The end of a compressed scene can only be checked by decompressing all of it. */
const MAX_UNPACKED_BYTES = 512 * 1024 ** 2;

type ZipFacts = Pick<SourceFacts, "zipEntries" | "zipProblem" | "insides">;

/** The archive's table of contents, and the beginning and end of its scenes. */
export async function readZip(path: string, maxUnpackedBytes = MAX_UNPACKED_BYTES): Promise<ZipFacts> {
  try {
    const zip = await yauzl.openPromise(path, { decodeStrings: false, autoClose: false });
    try {
      const entries = await readEntries(zip);
      const insides = await lookInside(zip, entries, maxUnpackedBytes);
      return { zipEntries: entries.map(({ facts }) => facts), insides };
    } finally {
      zip.close();
    }
  } catch (error) {
    return { zipProblem: `${(error as Error).message}.`.replace(/\.\.$/, ".") };
  }
}

interface ReadEntry {
  readonly entry: Entry;
  readonly facts: ZipEntryFacts;
}

async function readEntries(zip: ZipFile): Promise<ReadEntry[]> {
  const entries: ReadEntry[] = [];
  for await (const entry of zip.eachEntry()) {
    entries.push({ entry, facts: describe(entry) });
    if (entries.length >= MAX_ENTRIES) break;
  }
  return entries;
}

function describe(entry: Entry): ZipEntryFacts {
  const { generalPurposeBitFlag: flags, fileNameRaw, extraFields } = entry;
  return {
    // Not decoded by the library, which would reject the hostile names that preflight has to report.
    name: yauzl.getFileNameLowLevel(flags, fileNameRaw, extraFields, true),
    sizeBytes: entry.uncompressedSize,
    isEncrypted: entry.isEncrypted(),
    method: entry.compressionMethod,
    isLink: isLink(entry.externalFileAttributes),
    isNameUnicode: isNameUnicode({ flags, name: fileNameRaw, extraIds: extraFields.map(({ id }) => id) }),
  };
}

async function lookInside(
  zip: ZipFile,
  entries: readonly ReadEntry[],
  maxUnpackedBytes: number,
): Promise<InsideFacts[]> {
  const readable = entries.filter(
    ({ entry, facts }) => !facts.name.endsWith("/") && !facts.isLink && entry.canDecodeFileData(),
  );
  const sceneSet = new Set(sceneNames(readable.map(({ facts }) => facts.name)));
  const scenes = readable.filter(({ facts }) => sceneSet.has(facts.name));
  const small = readable.filter(
    ({ facts }) => !sceneSet.has(facts.name) && facts.sizeBytes <= LFS_POINTER_MAX_BYTES,
  );
  const insides: InsideFacts[] = [];
  let leftBytes = maxUnpackedBytes;
  for (const { entry, facts } of [...scenes, ...small].slice(0, MAX_LOOKED_INTO)) {
    const { name, sizeBytes } = facts;
    const isWhole = sizeBytes <= leftBytes;
    if (isWhole) leftBytes -= sizeBytes;
    insides.push({ name, sizeBytes, ...(await (isWhole ? readWhole(zip, entry) : readSome(zip, entry))) });
  }
  return insides;
}

type Ends = Pick<InsideFacts, "head" | "tail" | "packing" | "problem">;

async function readWhole(zip: ZipFile, entry: Entry): Promise<Ends> {
  try {
    let head = Buffer.alloc(0);
    let tail = Buffer.alloc(0);
    let checksum = 0;
    for await (const chunk of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
      checksum = crc32(chunk, checksum);
      if (head.length < END_BYTES) head = Buffer.concat([head, chunk]).subarray(0, END_BYTES);
      tail = Buffer.concat([tail, chunk]).subarray(-END_BYTES);
    }
    if (checksum !== entry.crc32) return { problem: "its checksum does not match." };
    const open = () => zip.openReadStreamPromise(entry) as Promise<AsyncIterable<Buffer>>;
    const packing = await findStreamPacking({ head, tail }, open);
    return { head, tail, packing };
  } catch (error) {
    return { problem: `${(error as Error).message}.` };
  }
}

/** The beginning; for entries without compression also the end. */
async function readSome(zip: ZipFile, entry: Entry): Promise<Ends> {
  try {
    const head = await readAtMost(await zip.openReadStreamPromise(entry), END_BYTES);
    if (entry.isCompressed()) return { head };
    const start = Math.max(0, entry.uncompressedSize - END_BYTES);
    return { head, tail: await readAtMost(await zip.openReadStreamPromise(entry, { start }), END_BYTES) };
  } catch (error) {
    return { problem: `${(error as Error).message}.` };
  }
}

async function readAtMost(stream: AsyncIterable<Buffer>, limitBytes: number): Promise<Buffer> {
  let bytes = Buffer.alloc(0);
  for await (const chunk of stream) {
    bytes = Buffer.concat([bytes, chunk]);
    if (bytes.length >= limitBytes) break;
  }
  return bytes.subarray(0, limitBytes);
}
