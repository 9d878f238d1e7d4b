import { BrokenFile, type ByteReader } from "./byte-reader.ts";

/** BMP: the header says where the pixels start, and how many there are. */
export async function checkBmp(file: ByteReader): Promise<boolean> {
  const header = await file.view(0, 34);
  const [width, height] = [header.getInt32(18, true), Math.abs(header.getInt32(22, true))];
  const isPacked = ![0, 3, 6].includes(header.getUint32(30, true));
  const rowBytes = Math.ceil((width * header.getUint16(28, true)) / 32) * 4;
  if (width <= 0 || height === 0) throw noPixels();
  file.requireUntil(isPacked ? header.getUint32(2, true) : header.getUint32(10, true) + rowBytes * height);
  return true;
}

/** DPX: the length is in the header, unless the writer did not know it. */
export async function checkDpx(file: ByteReader): Promise<boolean> {
  const header = await file.view(0, 20);
  const isLittle = (await file.text(0, 4)) === "XPDS";
  return checkToldLength(file, header.getUint32(16, isLittle));
}

/** Cineon: the same at another offset. */
export async function checkCineon(file: ByteReader): Promise<boolean> {
  const header = await file.view(0, 24);
  return checkToldLength(file, header.getUint32(20, header.getUint8(0) === 0xd7));
}

function checkToldLength(file: ByteReader, lengthBytes: number): boolean {
  if (lengthBytes === 0 || lengthBytes === 0xffffffff) return false;
  file.requireUntil(lengthBytes);
  return true;
}

/** Iris (SGI): plain rows, or a table of compressed rows. */
export async function checkIris(file: ByteReader): Promise<boolean> {
  const header = await file.view(0, 12);
  const [isPacked, pixelBytes] = [header.getUint8(2) === 1, header.getUint8(3)];
  const [dimensions, width] = [header.getUint16(4), header.getUint16(6)];
  const rows = (dimensions > 1 ? header.getUint16(8) : 1) * (dimensions > 2 ? header.getUint16(10) : 1);
  if (width === 0 || rows === 0) throw noPixels();
  if (!isPacked) file.requireUntil(512 + width * rows * pixelBytes);
  for (let row = 0; isPacked && row < rows; row++) {
    const start = (await file.view(512 + row * 4, 4)).getUint32(0);
    file.requireUntil(start + (await file.view(512 + (rows + row) * 4, 4)).getUint32(0));
  }
  return true;
}

function noPixels(): BrokenFile {
  return new BrokenFile("has no pixels");
}
