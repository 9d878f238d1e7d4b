import { copyFile, cp, link, mkdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The folder that becomes the archive. Places inside it are written with `/`. */
export class SourceFolder {
  readonly path: string;
  readonly #sources = new Map<string, string>();

  private constructor(path: string) {
    this.path = path;
  }

  /** An empty folder with the archive's name. Removes what an earlier bridge left of it. */
  static async create(jobFolder: string, name: string): Promise<SourceFolder> {
    const path = join(jobFolder, "source", name);
    await rm(path, { recursive: true, force: true });
    await mkdir(path, { recursive: true });
    return new SourceFolder(path);
  }

  get packed(): string[] {
    return [...this.#sources.keys()];
  }

  /** Whether the place is free, or already holds the same file. */
  isFree(place: string, source: string): boolean {
    const key = [...this.#sources.keys()].find((known) => known.toLowerCase() === place.toLowerCase());
    return key === undefined || this.#sources.get(key) === source;
  }

  /** Puts a file or a whole folder into its place. */
  async put(source: string, place: string): Promise<void> {
    if (this.#sources.get(place) === source) return;
    const target = join(this.path, place);
    await mkdir(dirname(target), { recursive: true });
    if ((await stat(source)).isDirectory()) await cp(source, target, { recursive: true });
    else await linkOrCopy(source, target);
    this.#sources.set(place, source);
  }

  /** For a file that was written directly into the folder. */
  add(place: string): void {
    this.#sources.set(place, join(this.path, place));
  }
}

/** Caches are large, and a hard link costs nothing if the disk supports it. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  await link(from, to).catch(() => copyFile(from, to));
}
