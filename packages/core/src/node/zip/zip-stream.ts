import { crc32 } from "node:zlib";
import { UploadError } from "../../errors/index.ts";
import { isOutside } from "../../scene/preflight/zip-name-rules.ts";
import { joinChunks } from "./join-chunks.ts";
import { descriptor, directoryEnd, directoryRecord, localHeader, type ZipMember } from "./zip-records.ts";

/** A file to pack: on disk, changed on its way, or made in memory. */
export interface ZipEntry extends ZipMember {
  /**
   * Gives exactly `sizeBytes` bytes. Called after the entry before it has been packed. A chunk is only valid until the next
   * one is requested.
   */
  open(): AsyncIterable<Uint8Array>;
}

/** The length of the archive of these files. @throws Error for a name that leads out of the archive's folder */
export function measureZip(members: readonly ZipMember[]): number {
  let offset = 0;
  let sizeBytes = 0;
  for (const member of members) {
    if (isOutside(member.name)) throw new Error(`${JSON.stringify(member.name)} cannot be packed.`);
    sizeBytes += directoryRecord(member, 0, offset).length;
    offset += localHeader(member).length + member.sizeBytes + descriptor(member, 0).length;
  }
  return offset + sizeBytes + directoryEnd({ count: members.length, offset, sizeBytes }).length;
}

/**
 * The archive of these files, without compression. A chunk is only valid until the next one is requested.
 *
 * @throws UploadError `source_changed` if an entry has more or fewer bytes than announced
 */
export function streamZip(entries: readonly ZipEntry[]): AsyncGenerator<Uint8Array, void> {
  return joinChunks(pack(entries));
}

async function* pack(entries: readonly ZipEntry[]): AsyncGenerator<Uint8Array, void> {
  const packed: { entry: ZipEntry; checksum: number; offset: number }[] = [];
  let offset = 0;
  for (const entry of entries) {
    const header = localHeader(entry);
    yield header;
    const checksum = yield* packContent(entry);
    const end = descriptor(entry, checksum);
    yield end;
    packed.push({ entry, checksum, offset });
    offset += header.length + entry.sizeBytes + end.length;
  }
  let sizeBytes = 0;
  for (const { entry, checksum, offset } of packed) {
    const record = directoryRecord(entry, checksum, offset);
    yield record;
    sizeBytes += record.length;
  }
  yield directoryEnd({ count: entries.length, offset, sizeBytes });
}

async function* packContent(entry: ZipEntry): AsyncGenerator<Uint8Array, number> {
  let checksum = 0;
  let leftBytes = entry.sizeBytes;
  for await (const chunk of entry.open()) {
    leftBytes -= chunk.byteLength;
    if (leftBytes < 0) throw otherSize(entry, "longer");
    checksum = crc32(chunk, checksum);
    yield chunk;
  }
  if (leftBytes > 0) throw otherSize(entry, "shorter");
  return checksum;
}

function otherSize({ name: file }: ZipEntry, size: "longer" | "shorter"): UploadError {
  return new UploadError({
    code: "source_changed",
    message: `${file} became ${size} while it was being uploaded.`,
    hint: "Submit again when nothing is writing to it. No job was created.",
    file,
  });
}
