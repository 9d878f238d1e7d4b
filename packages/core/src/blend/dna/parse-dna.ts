import { damaged } from "../file/damaged.ts";
import type { BlendHeader } from "../file/header.ts";
import { DnaReader } from "./dna-reader.ts";
import { type Field, type FieldName, parseFieldName, StructLayout } from "./struct-layout.ts";

/** All struct layouts of a file, as its own SDNA describes them. */
export interface Dna {
  /** The index is the one in block heads. */
  readonly layouts: readonly StructLayout[];
  readonly byName: ReadonlyMap<string, StructLayout>;
}

interface FieldType {
  readonly type: string;
  readonly typeBytes: number;
}

/** Reads the SDNA in a `DNA1` block. @param offset of the block in the file @throws BlendFileError */
export function parseDna(bytes: Uint8Array, header: BlendHeader, offset: number): Dna {
  const reader = new DnaReader(bytes, header.isLittleEndian, offset);
  reader.expect("SDNA");
  reader.expect("NAME");
  const names = reader.texts().map(parseFieldName);
  reader.align();
  reader.expect("TYPE");
  const typeNames = reader.texts();
  reader.align();
  reader.expect("TLEN");
  const types = typeNames.map((type): FieldType => ({ type, typeBytes: reader.uint16() }));
  reader.align();
  reader.expect("STRC");
  const byName = new Map<string, StructLayout>();
  const layouts = Array.from({ length: reader.count(4) }, () => {
    const { type, typeBytes } = types[reader.uint16()] ?? {};
    const members = Array.from({ length: reader.uint16() }, () => {
      const [fieldType, name] = [types[reader.uint16()], names[reader.uint16()]];
      if (!fieldType || !name) throw reader.damaged();
      return [fieldType, name] as const;
    });
    // Most structs are never looked into, so their fields are only listed when they are.
    const listFields = () => layOut(members, header);
    if (type === undefined || sizeOf(members, header) !== typeBytes) throw reader.damaged();
    const layout = new StructLayout(type, typeBytes, listFields, byName);
    byName.set(type, layout);
    return layout;
  });
  if (layouts.length === 0) throw damaged("has an empty DNA", offset);
  return { layouts, byName };
}

type Member = readonly [FieldType, FieldName];

/** Blender pads with explicit fields, so the sum is the size. */
function sizeOf(members: readonly Member[], header: BlendHeader): number {
  return members.reduce((sum, member) => sum + elementBytesOf(member, header) * member[1].count, 0);
}

function layOut(members: readonly Member[], header: BlendHeader): Field[] {
  let offset = 0;
  return members.map((member) => {
    const [{ type }, name] = member;
    const field = { ...name, type, offset, elementBytes: elementBytesOf(member, header) };
    offset += field.elementBytes * field.count;
    return field;
  });
}

function elementBytesOf([{ typeBytes }, { isPointer }]: Member, { pointerBytes }: BlendHeader): number {
  return isPointer ? pointerBytes : typeBytes;
}
