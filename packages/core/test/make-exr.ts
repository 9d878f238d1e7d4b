/** Kinds of OpenEXR that Blender does not write, but other programs do. */
export type ExrKind =
  | "scan lines"
  | "tiles"
  | "tiles of one level"
  | "mipmaps rounded up"
  | "ripmaps"
  | "deep scan lines"
  | "deep tiles"
  | "two parts";

interface Part {
  readonly type: "scanlineimage" | "tiledimage" | "deepscanline" | "deeptile";
  /** Level mode and rounding, of tiles. */
  readonly mode?: number;
  /** What each chunk begins with, after the number of its part: its line, or the place of its tile. */
  readonly chunks: readonly (readonly number[])[];
}

const [WIDTH, HEIGHT, TILE] = [20, 6, 8];
const lines = Array.from({ length: HEIGHT }, (_, y) => [y]);

/** Tiles of a level of this size. */
const tiles = (width: number, height: number, ...level: [number, number]) =>
  Array.from({ length: Math.ceil(height / TILE) }, (_, y) =>
    Array.from({ length: Math.ceil(width / TILE) }, (_, x) => [x, y, ...level]),
  ).flat();

const PARTS: Readonly<Record<ExrKind, readonly Part[]>> = {
  "scan lines": [{ type: "scanlineimage", chunks: lines }],
  // 20 × 6, 10 × 3, 5 × 1, 2 × 1, 1 × 1
  tiles: [
    {
      type: "tiledimage",
      mode: 1,
      chunks: [
        [20, 6],
        [10, 3],
        [5, 1],
        [2, 1],
        [1, 1],
      ].flatMap(([w = 0, h = 0], level) => tiles(w, h, level, level)),
    },
  ],
  "tiles of one level": [{ type: "tiledimage", mode: 0, chunks: tiles(WIDTH, HEIGHT, 0, 0) }],
  "mipmaps rounded up": [
    {
      type: "tiledimage",
      mode: 0x11,
      chunks: [
        [20, 6],
        [10, 3],
        [5, 2],
        [3, 1],
        [2, 1],
        [1, 1],
      ].flatMap(([w = 0, h = 0], level) => tiles(w, h, level, level)),
    },
  ],
  ripmaps: [
    {
      type: "tiledimage",
      mode: 2,
      chunks: [6, 3, 1].flatMap((h, y) => [20, 10, 5, 2, 1].flatMap((w, x) => tiles(w, h, x, y))),
    },
  ],
  "deep scan lines": [{ type: "deepscanline", chunks: lines }],
  "deep tiles": [{ type: "deeptile", mode: 0, chunks: tiles(WIDTH, HEIGHT, 0, 0) }],
  "two parts": [
    { type: "scanlineimage", chunks: lines },
    { type: "tiledimage", mode: 0, chunks: tiles(WIDTH, HEIGHT, 0, 0) },
  ],
};

export function makeExr(kind: ExrKind): Buffer {
  const parts = PARTS[kind];
  const [isMultiPart, isDeep] = [parts.length > 1, parts.some(({ type }) => type.startsWith("deep"))];
  const isTiled = !isMultiPart && !isDeep && parts[0]?.type === "tiledimage";
  const flags = (isTiled ? 0x200 : 0) | (isDeep ? 0x800 : 0) | (isMultiPart ? 0x1000 : 0);
  const needsType = isMultiPart || isDeep;
  const headers = parts.map((part) => makeHeader(part, needsType));
  const head = [int32(0x01312f76, 2 | flags), ...headers, ...(isMultiPart ? [Buffer.from([0])] : [])];
  const chunks = parts.map(({ type, chunks: places }, number) =>
    places.map((place) =>
      Buffer.concat([
        ...(isMultiPart ? [int32(number)] : []),
        int32(...place),
        makeData(type.startsWith("deep")),
      ]),
    ),
  );
  const all = chunks.flat();
  const table = Buffer.alloc(all.length * 8);
  let offset = Buffer.concat(head).length + table.length;
  for (const [index, chunk] of all.entries()) {
    table.writeBigUInt64LE(BigInt(offset), index * 8);
    offset += chunk.length;
  }
  return Buffer.concat([...head, table, ...all]);
}

function makeHeader({ type, mode, chunks }: Part, needsType: boolean): Buffer {
  const box = int32(0, 0, WIDTH - 1, HEIGHT - 1);
  return Buffer.concat([
    attribute("channels", "chlist", Buffer.concat([text("Z"), int32(1, 0, 1, 1), Buffer.from([0])])),
    attribute("compression", "compression", Buffer.from([2])),
    attribute("dataWindow", "box2i", box),
    attribute("displayWindow", "box2i", box),
    ...(mode === undefined
      ? []
      : [attribute("tiles", "tiledesc", Buffer.concat([int32(TILE, TILE), Buffer.from([mode])]))]),
    ...(needsType
      ? [attribute("type", "string", Buffer.from(type)), attribute("chunkCount", "int", int32(chunks.length))]
      : []),
    attribute("screenWindowWidth", "float", int32(0x3f800000)),
    Buffer.from([0]),
  ]);
}

function makeData(isDeep: boolean): Buffer {
  const content = Buffer.alloc(16, 7);
  if (!isDeep) return Buffer.concat([int32(content.length), content]);
  const sizes = Buffer.alloc(24);
  for (const [at, size] of [6, 10, 99].entries()) sizes.writeBigUInt64LE(BigInt(size), at * 8);
  return Buffer.concat([sizes, content]);
}

function attribute(name: string, type: string, value: Buffer): Buffer {
  return Buffer.concat([text(name), text(type), int32(value.length), value]);
}

function text(content: string): Buffer {
  return Buffer.from(`${content}\0`, "latin1");
}

function int32(...numbers: readonly number[]): Buffer {
  const buffer = Buffer.alloc(numbers.length * 4);
  for (const [index, number] of numbers.entries()) buffer.writeInt32LE(number, index * 4);
  return buffer;
}
