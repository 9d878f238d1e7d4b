import { BrokenFile, type ByteReader } from "./byte-reader.ts";
import { PackedBytes } from "./packed-bytes.ts";

/** More lines than any header has. */
const MAX_LINES = 1000;
const CHANNELS = 4;

/** Radiance HDR: lines of text, then the compressed scan lines, channel by channel. */
export async function checkRadiance(file: ByteReader): Promise<boolean> {
  const bytes = new PackedBytes(file, 0);
  let isHeader = true;
  for (let count = 0; count < MAX_LINES; count++) {
    const line = await readLine(bytes);
    if (isHeader) isHeader = line !== "";
    else return checkLines(bytes, line);
  }
  throw new BrokenFile("is damaged: its header is invalid");
}

async function checkLines(bytes: PackedBytes, resolution: string): Promise<boolean> {
  const [, high, wide] = /^[+-][XY] (\d+) [+-][XY] (\d+)$/.exec(resolution) ?? [];
  const [rows, width] = [Number(high), Number(wide)];
  if (!rows || !width) throw new BrokenFile("has no pixels");
  for (let row = 0; row < rows; row++) {
    const [red, green] = [await bytes.next(), await bytes.next()];
    const length = (await bytes.next()) * 256 + (await bytes.next());
    // The older line format has no length at all.
    if (red !== 2 || green !== 2 || length !== width) return false;
    for (let channel = 0; channel < CHANNELS; channel++) await skipPacked(bytes, width);
  }
  return true;
}

async function skipPacked(bytes: PackedBytes, width: number): Promise<void> {
  for (let count = 0; count < width; ) {
    const code = await bytes.next();
    const isRun = code > 128;
    await bytes.skip(isRun ? 1 : code);
    if (code === 0) throw new BrokenFile("is damaged: a line is invalid");
    count += isRun ? code - 128 : code;
  }
}

async function readLine(bytes: PackedBytes): Promise<string> {
  let line = "";
  for (let byte = await bytes.next(); byte !== 0x0a; byte = await bytes.next()) {
    line += String.fromCharCode(byte);
    if (line.length > 10_000) throw new BrokenFile("is damaged: its header is invalid");
  }
  return line;
}
