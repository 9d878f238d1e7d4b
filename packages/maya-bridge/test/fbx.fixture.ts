import { deflateSync } from "node:zlib";

/** A node of a binary FBX file, its values encoded. */
export interface FbxPart {
  readonly name: string;
  readonly values?: readonly Buffer[];
  readonly children?: readonly FbxPart[];
}

/** `[child, parent]`, or `[child, parent, property]`. */
type FbxLink = readonly [child: bigint, parent: bigint, property?: string];

const VERSION = 7400;
const END_OF_LIST = Buffer.alloc(13);
const TICKS_PER_SECOND = 46_186_158_000n;
/** 24 frames per second. */
const FILM = 11;
const CUBIC = 0x6108;

export const int = (value: number) => encode("I", 4, (bytes) => bytes.writeInt32LE(value, 1));
const long = (value: bigint) => encode("L", 8, (bytes) => bytes.writeBigInt64LE(value, 1));
const double = (value: number) => encode("D", 8, (bytes) => bytes.writeDoubleLE(value, 1));
export function text(value: string): Buffer {
  const body = Buffer.from(value);
  return Buffer.concat([encode("S", 4, (bytes) => bytes.writeUInt32LE(body.length, 1)), body]);
}

function encode(type: string, sizeBytes: number, write: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.alloc(1 + sizeBytes);
  bytes.write(type, 0, "latin1");
  write(bytes);
  return bytes;
}

/** Packed, as Maya writes them. */
function array(values: Int32Array | BigInt64Array | Float32Array | Float64Array): Buffer {
  const types = { Int32Array: "i", BigInt64Array: "l", Float32Array: "f", Float64Array: "d" };
  const type = types[values[Symbol.toStringTag] as keyof typeof types];
  const packed = deflateSync(new Uint8Array(values.buffer));
  const head = encode(type, 12, (bytes) => {
    bytes.writeUInt32LE(values.length, 1);
    bytes.writeUInt32LE(1, 5);
    bytes.writeUInt32LE(packed.length, 9);
  });
  return Buffer.concat([head, packed]);
}

export function object(
  id: bigint,
  kind: string,
  name: string,
  type: string,
  children: readonly FbxPart[] = [],
): FbxPart {
  // Name and class are kept together, with a zero and a one in between.
  return { name: kind, values: [long(id), text(`${name}\0\x01${kind}`), text(type)], children };
}

/** A number is an integer, as `Show` is; several are doubles, of a type with the name of the property: `Visibility`. */
export function properties(values: Readonly<Record<string, number | readonly number[]>>): FbxPart {
  const children = Object.entries(values).map(([name, value]) => {
    const whole = name === "TimeMode" ? ["enum", "", ""] : ["int", "Integer", ""];
    const kind = typeof value === "number" ? whole : [name, "", "A"];
    const encoded = typeof value === "number" ? [int(value)] : value.map(double);
    return { name: "P", values: [...[name, ...kind].map(text), ...encoded] };
  });
  return { name: "Properties70", children };
}

export function cube(id: bigint, details: readonly FbxPart[] = []): FbxPart {
  const corners = [-1, 1].flatMap((x) => [-1, 1].flatMap((y) => [-1, 1].flatMap((z) => [x, y, z])));
  const sides = [0, 1, 3, ~2, 4, 6, 7, ~5, 0, 4, 5, ~1, 2, 3, 7, ~6, 0, 2, 6, ~4, 1, 5, 7, ~3];
  return object(id, "Geometry", "", "Mesh", [
    { name: "GeometryVersion", values: [int(124)] },
    { name: "Vertices", values: [array(Float64Array.from(corners))] },
    { name: "PolygonVertexIndex", values: [array(Int32Array.from(sides))] },
    ...details,
  ]);
}

/** Keys at frames of 24 per second, with smooth tangents unless `flags` say otherwise. */
export function curve(id: bigint, keys: Readonly<Record<number, number>>, flags = CUBIC): FbxPart {
  const frames = Object.keys(keys).map(BigInt);
  return object(id, "AnimationCurve", "", "", [
    {
      name: "KeyTime",
      values: [array(BigInt64Array.from(frames, (frame) => (frame * TICKS_PER_SECOND) / 24n))],
    },
    { name: "KeyValueFloat", values: [array(Float32Array.from(Object.values(keys)))] },
    { name: "KeyAttrFlags", values: [array(Int32Array.of(flags))] },
    { name: "KeyAttrDataFloat", values: [array(Float32Array.of(0, 0, 0, 0))] },
    { name: "KeyAttrRefCount", values: [array(Int32Array.of(frames.length))] },
  ]);
}

export function makeFbx(
  objects: readonly FbxPart[],
  links: readonly FbxLink[],
  others: readonly FbxPart[] = [],
): Buffer {
  const connections = links.map(([child, parent, property]) => ({
    name: "C",
    values: [text(property ? "OP" : "OO"), long(child), long(parent), ...(property ? [text(property)] : [])],
  }));
  const parts: Buffer[] = [Buffer.from("Kaydara FBX Binary  \0\x1a\0", "latin1"), Buffer.alloc(4)];
  parts[1]?.writeUInt32LE(VERSION);
  const top: readonly FbxPart[] = [
    { name: "FBXHeaderExtension", children: [{ name: "FBXVersion", values: [int(VERSION)] }] },
    { name: "GlobalSettings", children: [properties({ TimeMode: FILM })] },
    { name: "Definitions", children: [{ name: "Version", values: [int(100)] }] },
    { name: "Objects", children: objects },
    { name: "Connections", children: connections },
    ...others,
  ];
  for (const part of top) parts.push(encodePart(part, sizeOf(parts)));
  return Buffer.concat([...parts, END_OF_LIST]);
}

function encodePart({ name, values = [], children = [] }: FbxPart, start: number): Buffer {
  const encoded = Buffer.concat(values);
  const head = Buffer.alloc(13 + name.length);
  head.writeUInt32LE(values.length, 4);
  head.writeUInt32LE(encoded.length, 8);
  head.writeUInt8(name.length, 12);
  head.write(name, 13, "latin1");
  const parts: Buffer[] = [head, encoded];
  for (const child of children) parts.push(encodePart(child, start + sizeOf(parts)));
  if (children.length > 0) parts.push(END_OF_LIST);
  head.writeUInt32LE(start + sizeOf(parts), 0);
  return Buffer.concat(parts);
}

const sizeOf = (parts: readonly Buffer[]) => parts.reduce((size, part) => size + part.length, 0);
