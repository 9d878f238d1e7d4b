/**
 * Hands out paths that are unique on any file system, and never both a file and a folder. Ignores case, as macOS and
 * Windows do.
 */
export class UniquePaths {
  readonly #files = new Set<string>();
  /** Maps the farm's folder names to ours. */
  readonly #folders = new Map<string, string>();
  readonly #folderNames = new Set<string>();
  /** The next number to try for a name, so that a thousand equal names do not take a million steps. */
  readonly #nextCopies = new Map<string, number>();

  /** @returns the path itself, or one with a number added */
  add(path: string): string {
    const slash = path.lastIndexOf("/");
    const folder = slash < 0 ? "" : `${this.#addFolder(path.slice(0, slash))}/`;
    const file = this.#choose(folder + path.slice(slash + 1));
    this.#files.add(file.toLowerCase());
    return file;
  }

  has(path: string): boolean {
    return this.#files.has(path.toLowerCase()) || this.#folderNames.has(path.toLowerCase());
  }

  #addFolder(path: string): string {
    const known = this.#folders.get(path.toLowerCase());
    if (known !== undefined) return known;
    const slash = path.lastIndexOf("/");
    const parent = slash < 0 ? "" : `${this.#addFolder(path.slice(0, slash))}/`;
    const wanted = parent + path.slice(slash + 1);
    const folder = this.#folderNames.has(wanted.toLowerCase()) ? wanted : this.#choose(wanted);
    this.#folders.set(path.toLowerCase(), folder);
    this.#folderNames.add(folder.toLowerCase());
    return folder;
  }

  #choose(path: string): string {
    let candidate = path;
    const name = path.toLowerCase();
    for (let copy = this.#nextCopies.get(name) ?? 2; this.has(candidate); copy++) {
      candidate = path.replace(/(\.[^./]+)?$/, (extension) => `~${copy}${extension}`);
      this.#nextCopies.set(name, copy + 1);
    }
    return candidate;
  }
}
