/** The name of a field as the DNA writes it, taken apart: `*mat[2][3]` is a pointer, six times. */
export interface FieldName {
  readonly name: string;
  readonly isPointer: boolean;
  readonly count: number;
}

export interface Field extends FieldName {
  /** `int`, `char`, or the name of a struct. For a pointer, what it points to. */
  readonly type: string;
  /** From the start of the struct. */
  readonly offset: number;
  readonly elementBytes: number;
}

/** `*next`, `name[66]`, `(*free_edit)()`, `imat[4][4]` */
export function parseFieldName(text: string): FieldName {
  const isPointer = text.startsWith("*") || text.startsWith("(");
  const name = /\w+/.exec(text)?.[0] ?? "";
  const counts = text.includes("[") ? [...text.matchAll(/\[(\d+)\]/g)] : [];
  return { name, isPointer, count: counts.reduce((product, [, count]) => product * Number(count), 1) };
}

/** The fields of a struct. A file describes its own; they differ from version to version. */
export class StructLayout {
  readonly name: string;
  readonly sizeBytes: number;
  readonly #listFields: () => readonly Field[];
  #fields: readonly Field[] | undefined;
  readonly #layouts: ReadonlyMap<string, StructLayout>;
  readonly #paths = new Map<string, Field | undefined>();

  constructor(
    name: string,
    sizeBytes: number,
    listFields: () => readonly Field[],
    layouts: ReadonlyMap<string, StructLayout>,
  ) {
    this.name = name;
    this.sizeBytes = sizeBytes;
    this.#listFields = listFields;
    this.#layouts = layouts;
  }

  get fields(): readonly Field[] {
    this.#fields ??= this.#listFields();
    return this.#fields;
  }

  /**
   * A field, also one inside an embedded struct: `r.im_format.imtype`.
   *
   * @returns the field with its offset from the start of this struct; undefined if this version has none
   */
  find(path: string): Field | undefined {
    if (this.#paths.has(path)) return this.#paths.get(path);
    const field = this.#resolve(path);
    this.#paths.set(path, field);
    return field;
  }

  /** The layout of an embedded struct. */
  layoutOf(field: Field): StructLayout | undefined {
    const layout = field.isPointer ? undefined : this.#layouts.get(field.type);
    return layout?.sizeBytes === field.elementBytes ? layout : undefined;
  }

  #resolve(path: string): Field | undefined {
    const dot = path.indexOf(".");
    const head = dot < 0 ? path : path.slice(0, dot);
    const field = this.fields.find(({ name }) => name === head);
    if (!field || dot < 0) return field;
    const inner = this.layoutOf(field)?.find(path.slice(dot + 1));
    return inner && { ...inner, offset: field.offset + inner.offset };
  }
}
