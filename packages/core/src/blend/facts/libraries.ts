import type { Datablock } from "../file/datablock.ts";
import { type ExternalFile, externalFile } from "./external-file.ts";

export const LIBRARY_STRUCTS = ["Library"];
/** LIBRARY_FLAG_IS_ARCHIVE */
const ARCHIVE = 0x1;

/**
 * The libraries that a file links from. Blender 5 can pack what is linked: an archive library then holds the datablocks, and
 * the file of its parent is only needed if placeholders still refer to it.
 */
export class Libraries {
  readonly #files: { readonly address: bigint; readonly file: ExternalFile }[] = [];
  readonly #paths = new Map<bigint, string>();
  readonly #linked = new Set<bigint>();
  readonly #archived = new Set<bigint>();

  add(datablock: Datablock): void {
    const { root, isPlaceholder, address } = datablock;
    if (isPlaceholder) this.#linked.add(datablock.library);
    if (root.layout.name !== "Library") return;
    const path = root.text("name", "filepath");
    this.#paths.set(address, path);
    if (root.flag("flag", ARCHIVE)) {
      this.#archived.add(root.pointer("archive_parent_library"));
      return;
    }
    const isPacked = root.pointer("packedfile") !== 0n;
    const [file] = externalFile(datablock, {
      kind: "library",
      path,
      isPacked,
    });
    if (file) this.#files.push({ address, file });
  }

  /** As stored. Undefined if there is no such library. */
  pathOf(address: bigint): string | undefined {
    return this.#paths.get(address);
  }

  files(): ExternalFile[] {
    return this.#files.map(({ address, file }) => {
      const isInside = this.#archived.has(address) && !this.#linked.has(address);
      return { ...file, isPacked: file.isPacked || isInside };
    });
  }
}
