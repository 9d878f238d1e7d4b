import type { StructValue } from "../dna/struct-value.ts";
import type { DatablockName } from "./datablock-name.ts";

/** What was kept of one file block. */
export type KeptBlock = { readonly structs: readonly StructValue[] } | { readonly text: string };

/**
 * A datablock (an ID in Blender's terms) and the blocks of data that follow it in the file. Pointers are looked up among
 * these: the address of a data block is unique within its datablock, not within the file.
 */
export class Datablock {
  readonly name: DatablockName;
  readonly address: bigint;
  /** The datablock itself; only its `ID` part if nothing else was wanted. */
  readonly root: StructValue;
  /** Stands for a datablock of a library. */
  readonly isPlaceholder: boolean;
  readonly #byAddress = new Map<bigint, KeptBlock>();
  readonly #byStruct = new Map<string, StructValue[]>();

  constructor(name: DatablockName, address: bigint, root: StructValue, isPlaceholder: boolean) {
    this.name = name;
    this.address = address;
    this.root = root;
    this.isPlaceholder = isPlaceholder;
  }

  /** The address of the library it was linked from, 0 if it is the file's own. */
  get library(): bigint {
    return this.root.pointer("id.lib", "lib");
  }

  add(address: bigint, block: KeptBlock): void {
    this.#byAddress.set(address, block);
    for (const struct of "structs" in block ? block.structs : []) {
      const { name } = struct.layout;
      const others = this.#byStruct.get(name);
      if (others) others.push(struct);
      else this.#byStruct.set(name, [struct]);
    }
  }

  /** Every struct of a kind in the datablock's data, in the order of the file. */
  all(structName: string): readonly StructValue[] {
    return this.#byStruct.get(structName) ?? [];
  }

  /** What a pointer refers to: several structs for an array, none if it is null or refers to nothing that was kept. */
  follow(address: bigint): readonly StructValue[] {
    const block = this.#byAddress.get(address);
    return block && "structs" in block ? block.structs : [];
  }

  /** The text in a raw block. Empty if the pointer is null. */
  text(address: bigint): string {
    const block = this.#byAddress.get(address);
    return block && "text" in block ? block.text : "";
  }
}
