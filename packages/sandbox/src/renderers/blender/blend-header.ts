import { open } from "node:fs/promises";
import { createGunzip, createZstdDecompress } from "node:zlib";
import type { BlenderVersion } from "@renderjuice/core/adapter/node";
import { RenderFailure } from "../renderer.ts";

const HEADER_BYTES = 20;
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);
const ZSTD_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
// BLENDER-v304 until 4.x, BLENDER17-01v0500 since 5.0.
const HEADER = /^BLENDER(?:[-_][vV](\d)(\d\d)|\d\d[-_]\d\d[vV](\d\d)(\d\d))/;

/**
 * The version that wrote a `.blend` file, read from its first bytes, since Blender itself only calls a file from a
 * newer version unreadable.
 *
 * @throws RenderFailure `scene_unreadable` if the file is not a `.blend` at all.
 */
export async function readBlendVersion(path: string): Promise<BlenderVersion> {
  const match = HEADER.exec((await readFirstBytes(path)).toString("latin1"));
  if (!match) {
    throw new RenderFailure(
      "scene_unreadable",
      "The file is not a Blender scene, or its beginning is damaged. Save it again and upload it again.",
    );
  }
  return [Number(match[1] ?? match[3]), Number(match[2] ?? match[4]), 0];
}

async function readFirstBytes(path: string): Promise<Buffer> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(64 * 1024), 0, 64 * 1024, 0);
  const start = buffer.subarray(0, bytesRead);
  if (start.subarray(0, 2).equals(GZIP_MAGIC)) return await firstBytesOf(createGunzip(), start);
  if (start.subarray(0, 4).equals(ZSTD_MAGIC)) return await firstBytesOf(createZstdDecompress(), start);
  return start.subarray(0, HEADER_BYTES);
}

type Decompressor = ReturnType<typeof createGunzip> | ReturnType<typeof createZstdDecompress>;

/** `compressed` may be incomplete: its beginning is enough. */
async function firstBytesOf(decompressor: Decompressor, compressed: Buffer): Promise<Buffer> {
  decompressor.write(compressed);
  try {
    for await (const chunk of decompressor) return (chunk as Buffer).subarray(0, HEADER_BYTES);
  } catch {
    // Damaged, which is the same as no header.
  }
  return Buffer.alloc(0);
}
