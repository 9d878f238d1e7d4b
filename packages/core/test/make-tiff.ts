export interface TiffOptions {
  readonly isLittle: boolean;
  readonly isBig?: boolean;
  readonly isTiled?: boolean;
  readonly isDirectoryFirst?: boolean;
}

const [WIDTH, HEIGHT, PIECE_ROWS] = [32, 40, 16];

/** A gray TIFF of three strips, or of six tiles. */
export function makeTiff({
  isLittle,
  isBig = false,
  isTiled = false,
  isDirectoryFirst = false,
}: TiffOptions): Buffer {
  const pieces = Array.from({ length: isTiled ? 6 : 3 }, (_, index) =>
    Buffer.alloc(isTiled ? 256 : 512, index),
  );
  const headerBytes = isBig ? 16 : 8;
  const pixelBytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const shape = isTiled
    ? [
        [322, 16],
        [323, 16],
      ]
    : [[278, PIECE_ROWS]];
  const place = isTiled ? [324, 325] : [273, 279];
  const entryCount = 2 + shape.length + 2;
  const directoryBytes = (isBig ? 8 : 2) + entryCount * (isBig ? 20 : 12) + (isBig ? 8 : 4);
  const listBytes = pieces.length * 4 * 2;
  const pixelsAt = headerBytes + (isDirectoryFirst ? directoryBytes + listBytes : 0);
  const directoryAt = headerBytes + (isDirectoryFirst ? 0 : pixelBytes);
  const lists = [directoryAt + directoryBytes, directoryAt + directoryBytes + pieces.length * 4] as const;

  const word = (number: number) => int(number, isBig ? 8 : 4, isLittle);
  const entry = (tag: number, count: number, value: number) =>
    Buffer.concat([
      int(tag, 2, isLittle),
      int(4, 2, isLittle),
      word(count),
      pad(int(value, 4, isLittle), isBig),
    ]);
  const listEntry = (tag: number, at: number) =>
    Buffer.concat([int(tag, 2, isLittle), int(4, 2, isLittle), word(pieces.length), word(at)]);
  const fields = [[256, WIDTH], [257, HEIGHT], ...shape].map(([tag = 0, value = 0]) => entry(tag, 1, value));
  const directory = Buffer.concat([
    int(entryCount, isBig ? 8 : 2, isLittle),
    ...fields,
    listEntry(place[0] ?? 0, lists[0]),
    listEntry(place[1] ?? 0, lists[1]),
    word(0),
    ...pieces.map((piece, index) => int(pixelsAt + index * piece.length, 4, isLittle)),
    ...pieces.map((piece) => int(piece.length, 4, isLittle)),
  ]);
  const header = Buffer.concat([
    Buffer.from(isLittle ? "II" : "MM"),
    int(isBig ? 43 : 42, 2, isLittle),
    ...(isBig ? [int(8, 2, isLittle), int(0, 2, isLittle)] : []),
    word(directoryAt),
  ]);
  return Buffer.concat(isDirectoryFirst ? [header, directory, ...pieces] : [header, ...pieces, directory]);
}

function pad(value: Buffer, isBig: boolean): Buffer {
  return isBig ? Buffer.concat([value, Buffer.alloc(4)]) : value;
}

function int(number: number, bytes: 2 | 4 | 8, isLittle: boolean): Buffer {
  const buffer = Buffer.alloc(bytes);
  if (bytes === 8)
    isLittle ? buffer.writeBigUInt64LE(BigInt(number)) : buffer.writeBigUInt64BE(BigInt(number));
  else isLittle ? buffer.writeUIntLE(number, 0, bytes) : buffer.writeUIntBE(number, 0, bytes);
  return buffer;
}
