import { BrokenFile, type ByteReader } from "./byte-reader.ts";

interface Box {
  readonly type: string;
  readonly dataOffset: number;
  /** Undefined for a box that extends to the end of the file, wherever that is. */
  readonly end: number | undefined;
}

/** The boxes that make up a file of the MP4 family (also MOV and JPEG 2000). */
export async function* readBoxes(file: ByteReader): AsyncGenerator<Box, void> {
  for (let offset = 0; offset < file.sizeBytes; ) {
    const box = await readBox(file, offset);
    if (box.end !== undefined) file.requireUntil(box.end);
    yield box;
    if (box.end === undefined) return;
    offset = box.end;
  }
}

async function readBox(file: ByteReader, offset: number): Promise<Box> {
  const view = await file.view(offset, 8);
  const type = String.fromCharCode(...[4, 5, 6, 7].map((at) => view.getUint8(at)));
  const shortBytes = view.getUint32(0);
  if (shortBytes === 0) return { type, dataOffset: offset + 8, end: undefined };
  const isLong = shortBytes === 1;
  const headerBytes = isLong ? 16 : 8;
  const boxBytes = isLong ? Number((await file.view(offset + 8, 8)).getBigUint64(0)) : shortBytes;
  if (boxBytes < headerBytes) throw new BrokenFile("is damaged: a part has the wrong length");
  return { type, dataOffset: offset + headerBytes, end: offset + boxBytes };
}

/** Checks for the list of frames and the frames themselves. An interrupted writer leaves out the list. */
export async function checkIsoMedia(file: ByteReader): Promise<boolean> {
  const types = new Set<string>();
  let isClosed = true;
  for await (const { type, end } of readBoxes(file)) {
    types.add(type);
    isClosed = end !== undefined;
  }
  if (!types.has("moov")) throw new BrokenFile("is not complete: the list of its frames is missing");
  if (!types.has("mdat") && !types.has("moof")) throw new BrokenFile("has no frames");
  return isClosed;
}
