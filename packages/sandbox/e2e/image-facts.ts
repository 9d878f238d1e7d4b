import { readFile } from "node:fs/promises";

export interface ImageFacts {
  readonly format: "PNG" | "JPEG" | "EXR" | "TIFF" | "unknown";
  readonly width?: number;
  readonly height?: number;
  /** Of PNG files: bits per channel. */
  readonly bitDepth?: number;
}

/** Format by signature; size and depth of PNG files from their header. */
export async function imageFacts(path: string): Promise<ImageFacts> {
  const bytes = await readFile(path);
  const head = bytes.subarray(0, 4).toString("latin1");
  if (head === "\x89PNG") {
    return {
      format: "PNG",
      width: bytes.readUInt32BE(16),
      height: bytes.readUInt32BE(20),
      bitDepth: bytes[24] ?? 0,
    };
  }
  if (head.startsWith("\xff\xd8\xff")) return { format: "JPEG" };
  if (head === "\x76\x2f\x31\x01") return { format: "EXR" };
  if (head === "II*\0" || head === "MM\0*") return { format: "TIFF" };
  return { format: "unknown" };
}
