import type { BlendHeader } from "../file/header.ts";
import type { Field, StructLayout } from "./struct-layout.ts";

interface NumberType {
  readonly sizeBytes: number;
  readonly read: (view: DataView, offset: number, isLittle: boolean) => number | bigint;
}

const INT32: NumberType = { sizeBytes: 4, read: (view, at, isLittle) => view.getInt32(at, isLittle) };
const UINT32: NumberType = { sizeBytes: 4, read: (view, at, isLittle) => view.getUint32(at, isLittle) };
const UINT8: NumberType = { sizeBytes: 1, read: (view, at) => view.getUint8(at) };

/** The plain types of the DNA. `long` has four bytes in every file. */
const NUMBERS: Readonly<Record<string, NumberType>> = {
  char: UINT8,
  uchar: UINT8,
  int8_t: { sizeBytes: 1, read: (view, at) => view.getInt8(at) },
  short: { sizeBytes: 2, read: (view, at, isLittle) => view.getInt16(at, isLittle) },
  ushort: { sizeBytes: 2, read: (view, at, isLittle) => view.getUint16(at, isLittle) },
  int: INT32,
  long: INT32,
  uint: UINT32,
  ulong: UINT32,
  int64_t: { sizeBytes: 8, read: (view, at, isLittle) => view.getBigInt64(at, isLittle) },
  uint64_t: { sizeBytes: 8, read: (view, at, isLittle) => view.getBigUint64(at, isLittle) },
  float: { sizeBytes: 4, read: (view, at, isLittle) => shortenFloat(view.getFloat32(at, isLittle)) },
  double: { sizeBytes: 8, read: (view, at, isLittle) => view.getFloat64(at, isLittle) },
};
const TEXT = new TextDecoder();

/**
 * A struct in a file block. Fields are found by name; where several names are given, the first one that this version of
 * Blender has counts. What it does not have is undefined.
 */
export class StructValue {
  readonly layout: StructLayout;
  /** Where it starts in the file. */
  readonly offset: number;
  readonly #view: DataView;
  readonly #header: BlendHeader;

  /** @param view exactly the bytes of the struct */
  constructor(layout: StructLayout, view: DataView, header: BlendHeader, offset: number) {
    this.layout = layout;
    this.offset = offset;
    this.#view = view;
    this.#header = header;
  }

  has(path: string): boolean {
    return this.layout.find(path) !== undefined;
  }

  /** A number of any type. 64-bit integers lose what is beyond 53 bits. */
  number(...paths: readonly string[]): number | undefined {
    const field = this.#find(paths);
    const type = field && !field.isPointer ? NUMBERS[field.type] : undefined;
    if (!field || type?.sizeBytes !== field.elementBytes) return undefined;
    return Number(type.read(this.#view, field.offset, this.#header.isLittleEndian));
  }

  /** Whether all bits of a mask are set. Undefined if there is no such field. */
  flag(path: string, mask: number): boolean | undefined {
    const bits = this.number(path);
    return bits === undefined ? undefined : (bits & mask) === mask;
  }

  /** The address that a pointer holds. 0 if it is null or there is no such field. */
  pointer(...paths: readonly string[]): bigint {
    const field = this.#find(paths);
    if (!field?.isPointer) return 0n;
    return this.#header.pointerBytes === 8
      ? this.#view.getBigUint64(field.offset, this.#header.isLittleEndian)
      : BigInt(this.#view.getUint32(field.offset, this.#header.isLittleEndian));
  }

  /** Text in the struct itself, up to its first zero. Empty if there is no such field. */
  text(...paths: readonly string[]): string {
    const field = this.#find(paths);
    if (!field || field.isPointer || field.elementBytes !== 1) return "";
    return decodeText(new Uint8Array(this.#view.buffer, this.#view.byteOffset + field.offset, field.count));
  }

  /** An embedded struct. */
  struct(path: string): StructValue | undefined {
    const field = this.layout.find(path);
    const layout = field && this.layout.layoutOf(field);
    if (!layout) return undefined;
    const view = new DataView(this.#view.buffer, this.#view.byteOffset + field.offset, layout.sizeBytes);
    return new StructValue(layout, view, this.#header, this.offset + field.offset);
  }

  /** Eight bytes as a double, whatever they are declared as: IDProperties keep one in two ints. */
  doubleAt(path: string): number | undefined {
    const field = this.layout.find(path);
    if (!field || field.offset + 8 > this.#view.byteLength) return undefined;
    return this.#view.getFloat64(field.offset, this.#header.isLittleEndian);
  }

  /** Four bytes as a float, whatever they are declared as. */
  floatAt(path: string): number | undefined {
    const field = this.layout.find(path);
    if (!field || field.offset + 4 > this.#view.byteLength) return undefined;
    return shortenFloat(this.#view.getFloat32(field.offset, this.#header.isLittleEndian));
  }

  #find(paths: readonly string[]): Field | undefined {
    for (const path of paths) {
      const field = this.layout.find(path);
      if (field && field.count > 0) return field;
    }
    return undefined;
  }
}

/** The shortest number that a float of 32 bits can stand for: 0.1 instead of 0.10000000149011612. */
export function shortenFloat(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

/** UTF-8 up to the first zero. Bytes that are not UTF-8, from old or Japanese systems, become `\uFFFD`. */
export function decodeText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return TEXT.decode(end < 0 ? bytes : bytes.subarray(0, end));
}
