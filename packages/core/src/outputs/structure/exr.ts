import { BrokenFile, type ByteReader } from "./byte-reader.ts";
import type { Checks } from "./checks.ts";
import { type ExrHeader, type ExrPart, readExrHeader } from "./exr-header.ts";
import { checkPackedPixels } from "./packed-pixels.ts";

/** Checks the table of each part, and the position, length and number of every chunk, for any compression. */
export async function checkExr(file: ByteReader, { inflate }: Checks): Promise<boolean> {
  const header = await readExrHeader(file);
  const counts = header.parts.map(({ chunkCount }) => chunkCount ?? 0);
  // A future compression: its number of chunks is not known.
  if (counts.includes(0)) return false;
  const dataStart = header.endOffset + counts.reduce((sum, count) => sum + count * 8, 0);
  file.requireUntil(dataStart);
  let offset = header.endOffset;
  for (const [number, part] of header.parts.entries()) {
    const chunks = await readTable(file, offset, counts[number] ?? 0);
    await checkPart(file, header, { part, number, chunks, dataStart, inflate });
    offset += chunks.length * 8;
  }
  return true;
}

interface PartPlace {
  readonly part: ExrPart;
  readonly number: number;
  /** Where each chunk starts. */
  readonly chunks: readonly number[];
  readonly dataStart: number;
  readonly inflate: Checks["inflate"];
}

async function checkPart(file: ByteReader, header: ExrHeader, place: PartPlace): Promise<void> {
  const { part, chunks, dataStart } = place;
  const lines = new Set<number>();
  for (const chunk of chunks) {
    if (chunk === 0) throw new BrokenFile("is not complete: its writer did not finish");
    if (chunk < dataStart) throw misplaced();
    lines.add(await checkChunk(file, header, place, chunk));
  }
  // Each chunk has its own pixels; a duplicate would leave a gap.
  if (!part.isTiled && lines.size !== chunks.length) throw new BrokenFile("is damaged: lines are missing");
}

async function readTable(file: ByteReader, offset: number, count: number): Promise<number[]> {
  const chunks: number[] = [];
  const stepCount = 4096;
  for (let first = 0; first < count; first += stepCount) {
    const step = Math.min(stepCount, count - first);
    const view = await file.view(offset + first * 8, step * 8);
    for (let index = 0; index < step; index++) chunks.push(Number(view.getBigUint64(index * 8, true)));
  }
  return chunks;
}

/** @returns the first line of the chunk; 0 for tiles */
async function checkChunk(
  file: ByteReader,
  { isMultiPart }: ExrHeader,
  { part, number, inflate }: PartPlace,
  chunk: number,
): Promise<number> {
  let offset = chunk;
  if (isMultiPart) {
    if ((await file.view(offset, 4)).getInt32(0, true) !== number) throw misplaced();
    offset += 4;
  }
  const line = part.isTiled ? 0 : (await file.view(offset, 4)).getInt32(0, true);
  const [first, last] = part.lines;
  if (!part.isTiled && (line < first || line > last || (line - first) % part.linesPerChunk !== 0)) {
    throw misplaced();
  }
  offset += part.isTiled ? 16 : 4;
  const end = offset + (await readDataBytes(file, part, offset));
  file.requireUntil(end);
  if (inflate && part.zlibLineBytes !== undefined) {
    const unpackedBytes = part.zlibLineBytes * Math.min(part.linesPerChunk, last - line + 1);
    // Data that compression does not make smaller is stored as it is.
    if (end - offset - 4 < unpackedBytes) {
      await checkPackedPixels(file, { start: offset + 4, end, unpackedBytes }, inflate);
    }
  }
  return line;
}

/** The bytes after the coordinates: one or more lengths, then the data. */
async function readDataBytes(file: ByteReader, { isDeep }: ExrPart, offset: number): Promise<number> {
  if (isDeep) {
    const view = await file.view(offset, 24);
    return 24 + Number(view.getBigUint64(0, true)) + Number(view.getBigUint64(8, true));
  }
  const dataBytes = (await file.view(offset, 4)).getInt32(0, true);
  if (dataBytes < 0) throw misplaced();
  return 4 + dataBytes;
}

function misplaced(): BrokenFile {
  return new BrokenFile("is damaged: a part is in the wrong place");
}
