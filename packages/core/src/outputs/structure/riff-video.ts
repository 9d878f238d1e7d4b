import { BrokenFile, type ByteReader } from "./byte-reader.ts";

/** AVI: a series of lists of up to a gigabyte, each with its length. The first one has the header and frames. */
export async function checkAvi(file: ByteReader): Promise<boolean> {
  let offset = 0;
  while (offset < file.sizeBytes) {
    const isFirst = offset === 0;
    const form = await file.text(offset + 8, 4);
    if ((await file.text(offset, 4)) !== "RIFF" || form !== (isFirst ? "AVI " : "AVIX")) {
      throw new BrokenFile("is damaged: a part has the wrong length");
    }
    const lengthBytes = (await file.view(offset + 4, 4)).getUint32(0, true);
    if (lengthBytes === 0) throw new BrokenFile("is not complete: its writer did not finish");
    const end = offset + 8 + lengthBytes;
    file.requireUntil(end);
    if (isFirst) await checkLists(file, end);
    offset = end + (lengthBytes % 2);
  }
  return true;
}

async function checkLists(file: ByteReader, end: number): Promise<void> {
  const found = new Set<string>();
  for (let offset = 12; offset + 12 <= end; ) {
    const lengthBytes = (await file.view(offset + 4, 4)).getUint32(0, true);
    if ((await file.text(offset, 4)) === "LIST") found.add(await file.text(offset + 8, 4));
    file.requireUntil(offset + 8 + lengthBytes);
    offset += 8 + lengthBytes + (lengthBytes % 2);
  }
  if (!found.has("hdrl") || !found.has("movi")) throw new BrokenFile("has no frames");
}
