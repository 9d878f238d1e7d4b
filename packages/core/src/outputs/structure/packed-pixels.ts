import { BrokenFile, type ByteReader } from "./byte-reader.ts";
import type { Checks } from "./checks.ts";

export interface PackedPixels {
  readonly start: number;
  readonly end: number;
  /** The decompressed size, if the format defines it. */
  readonly unpackedBytes?: number | undefined;
}

/** Decompresses a zlib stream, including the checksum at its end. */
export async function checkPackedPixels(
  file: ByteReader,
  { start, end, unpackedBytes }: PackedPixels,
  inflate: NonNullable<Checks["inflate"]>,
): Promise<void> {
  let length = 0;
  try {
    for await (const piece of inflate(file.pieces(start, end))) length += piece.length;
  } catch (error) {
    throw error instanceof BrokenFile || isFromDisk(error) ? error : damaged();
  }
  if (unpackedBytes !== undefined && length !== unpackedBytes) throw damaged();
}

function isFromDisk(error: unknown): boolean {
  return error instanceof Error && "syscall" in error;
}

function damaged(): BrokenFile {
  return new BrokenFile("is damaged: its pixels cannot be decompressed");
}
