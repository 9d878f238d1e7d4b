/** How a `.blend` is laid out. The default is what Blender 2.8 to 4.5 write on today's machines. */
export interface BlendLayout {
  readonly format?: 0 | 1;
  readonly pointerBytes?: 4 | 8;
  readonly isBigEndian?: boolean;
  /** 304 for Blender 3.4. */
  readonly version?: number;
}

/** Field declarations by struct, as the DNA has them: `{ ID: ["ID *next", "char name[66]"] }`. */
export type Structs = Readonly<Record<string, readonly string[]>>;

/** Values by path: `{ "id.name": "SCScene", "r.sfra": 1, camera: 0x10 }`. What is missing is zero. */
export type Values = Readonly<Record<string, number | string | bigint>>;

export interface Block {
  readonly code?: string;
  readonly address?: number | bigint;
  /** Undefined for raw bytes. */
  readonly struct?: string;
  /** Several for an array. */
  readonly values?: Values | readonly Values[];
  readonly bytes?: Uint8Array;
}

interface Member {
  readonly type: string;
  readonly name: string;
  readonly offset: number;
  readonly elementBytes: number;
  readonly count: number;
}

const TYPE_BYTES: Readonly<Record<string, number>> = {
  char: 1,
  uchar: 1,
  int8_t: 1,
  short: 2,
  ushort: 2,
  int: 4,
  float: 4,
  double: 8,
  int64_t: 8,
  uint64_t: 8,
  void: 0,
};

/** Writes a `.blend` with its own DNA, in any layout that Blender has ever used. */
export function writeBlend(structs: Structs, blocks: readonly Block[], layout: BlendLayout = {}): Buffer {
  const writer = new BlendWriter(structs, layout);
  return Buffer.concat([
    writer.header(),
    ...blocks.flatMap((block) => writer.block(block)),
    ...writer.block({ code: "DNA1", bytes: writer.dna() }),
    writer.head("ENDB", 0, 0n, 0, 0),
  ]);
}

/** A raw block with a text. */
export function text(address: number | bigint, content: string): Block {
  return { address, bytes: Buffer.from(`${content}\0`) };
}

class BlendWriter {
  readonly #structs: Structs;
  readonly #format: 0 | 1;
  readonly #pointerBytes: 4 | 8;
  readonly #isBigEndian: boolean;
  readonly #version: number;
  readonly #sizes = new Map<string, number>(Object.entries(TYPE_BYTES));
  readonly #members = new Map<string, readonly Member[]>();

  constructor(structs: Structs, { format = 0, pointerBytes = 8, isBigEndian = false, version }: BlendLayout) {
    // Index 0 marks raw blocks, so no real struct may have it.
    this.#structs = { raw_data: ["int unused"], ...structs };
    this.#format = format;
    this.#pointerBytes = pointerBytes;
    this.#isBigEndian = isBigEndian;
    this.#version = version ?? (format === 1 ? 502 : 304);
    for (const name of Object.keys(this.#structs)) this.#layOut(name);
  }

  header(): Buffer {
    const version = String(this.#version);
    if (this.#format === 1) return Buffer.from(`BLENDER17-01v${version.padStart(4, "0")}`);
    return Buffer.from(
      `BLENDER${this.#pointerBytes === 4 ? "_" : "-"}${this.#isBigEndian ? "V" : "v"}${version}`,
    );
  }

  block({ code = "DATA", address = 0, struct, values = {}, bytes = Buffer.alloc(0) }: Block): Buffer[] {
    if (struct === undefined) {
      return [this.head(code, bytes.length, BigInt(address), 0, 1), Buffer.from(bytes)];
    }
    const all = Array.isArray(values) ? (values as readonly Values[]) : [values as Values];
    const content = Buffer.concat(all.map((each) => this.#struct(struct, each)));
    const index = Object.keys(this.#structs).indexOf(struct);
    return [this.head(code, content.length, BigInt(address), index, all.length), content];
  }

  head(code: string, lengthBytes: number, address: bigint, structIndex: number, count: number): Buffer {
    const name = Buffer.from(code.padEnd(4, "\0"));
    const pointer = this.#number(this.#pointerBytes === 8 ? "uint64_t" : "int", address);
    const int = (value: number) => this.#number("int", value);
    const long = (value: number) => this.#number("int64_t", value);
    return this.#format === 1
      ? Buffer.concat([name, int(structIndex), pointer, long(lengthBytes), long(count)])
      : Buffer.concat([name, int(lengthBytes), pointer, int(structIndex), int(count)]);
  }

  dna(): Buffer {
    const types = [...this.#sizes.keys()];
    const members = [...this.#members.values()].flat();
    const names = [...new Set(members.map(({ name }) => name))];
    const short = (value: number) => this.#number("ushort", value);
    const list = (texts: readonly string[]) =>
      Buffer.concat([
        this.#number("int", texts.length),
        Buffer.from(texts.map((each) => `${each}\0`).join("")),
      ]);
    const parts: Buffer[] = [Buffer.from("SDNA")];
    const add = (...more: Buffer[]) => {
      const lengthBytes = parts.reduce((sum, { length }) => sum + length, 0);
      parts.push(Buffer.alloc((4 - (lengthBytes % 4)) % 4), ...more);
    };
    add(Buffer.from("NAME"), list(names));
    add(Buffer.from("TYPE"), list(types));
    add(Buffer.from("TLEN"), ...types.map((type) => short(this.#sizes.get(type) ?? 0)));
    add(Buffer.from("STRC"), this.#number("int", this.#members.size));
    for (const [struct, fields] of this.#members) {
      parts.push(short(types.indexOf(struct)), short(fields.length));
      for (const { type, name } of fields) parts.push(short(types.indexOf(type)), short(names.indexOf(name)));
    }
    return Buffer.concat(parts);
  }

  #layOut(struct: string): void {
    if (this.#members.has(struct)) return;
    const members: Member[] = [];
    let offset = 0;
    for (const declaration of this.#structs[struct] ?? []) {
      const [type = "", name = ""] = declaration.split(/ (?=\S+$)/);
      const isPointer = name.startsWith("*");
      if (!isPointer && !this.#sizes.has(type)) this.#layOut(type);
      if (!this.#sizes.has(type)) this.#sizes.set(type, 0);
      const elementBytes = isPointer ? this.#pointerBytes : (this.#sizes.get(type) ?? 0);
      const count = [...name.matchAll(/\[(\d+)\]/g)].reduce((product, [, n]) => product * Number(n), 1);
      members.push({ type, name, offset, elementBytes, count });
      offset += elementBytes * count;
    }
    this.#sizes.set(struct, offset);
    this.#members.set(struct, members);
  }

  #struct(struct: string, values: Values): Buffer {
    const bytes = Buffer.alloc(this.#sizes.get(struct) ?? 0);
    for (const [path, value] of Object.entries(values)) {
      const { member, offset } = this.#find(struct, path);
      if (typeof value === "string") {
        bytes.write(value, offset, member.elementBytes * member.count);
      } else {
        const isPointer = member.name.startsWith("*");
        const type = isPointer ? (this.#pointerBytes === 8 ? "uint64_t" : "int") : member.type;
        this.#number(type, value).copy(bytes, offset);
      }
    }
    return bytes;
  }

  #find(struct: string, path: string): { member: Member; offset: number } {
    const [head = "", ...rest] = path.split(".");
    const member = this.#members.get(struct)?.find(({ name }) => /\w+/.exec(name)?.[0] === head);
    if (!member) throw new Error(`${struct} has no ${head}.`);
    if (rest.length === 0) return { member, offset: member.offset };
    const inner = this.#find(member.type, rest.join("."));
    return { member: inner.member, offset: member.offset + inner.offset };
  }

  #number(type: string, value: number | bigint): Buffer {
    const bytes = Buffer.alloc(TYPE_BYTES[type] ?? 0);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const isLittle = !this.#isBigEndian;
    if (type === "float") view.setFloat32(0, Number(value), isLittle);
    else if (type === "double") view.setFloat64(0, Number(value), isLittle);
    else if (bytes.length === 8) view.setBigUint64(0, BigInt.asUintN(64, BigInt(value)), isLittle);
    else if (bytes.length === 4) view.setUint32(0, Number(BigInt.asUintN(32, BigInt(value))), isLittle);
    else if (bytes.length === 2) view.setUint16(0, Number(value), isLittle);
    else view.setUint8(0, Number(value));
    return bytes;
  }
}
