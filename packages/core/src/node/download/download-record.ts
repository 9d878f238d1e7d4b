import { createHash } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { type FileHandle, lstat, open } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import * as z from "zod/v4";
import { FileSystemError } from "../../errors/index.ts";
import { onDisk } from "../files/file-system-failure.ts";
import { makeFolderBelow } from "../files/make-folder.ts";
import type { FileIdentity } from "./download-file.ts";
import { checkReplaceable } from "./part-file.ts";

const lineSchema = z.object({
  relativePath: z.string(),
  sizeBytes: z.number(),
  sha256: z.string(),
  inode: z.number(),
  modifiedMs: z.number(),
});

/** Windows has no such links to be tricked by, and no pipes in folders to block on. */
const { O_APPEND, O_CREAT, O_RDWR, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;

export function recordFolderOf(outDir: string): string {
  return join(outDir, ".renderjuice");
}

/**
 * Which files of a job have arrived in a folder, and their content: one line of JSON per file in `.renderjuice/`. Prevents
 * a file of the same name from another job, or from someone else, from being mistaken for it.
 */
export class DownloadRecord implements AsyncDisposable {
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #files: Map<string, FileIdentity>;

  private constructor(path: string, handle: FileHandle, files: Map<string, FileIdentity>) {
    this.#path = path;
    this.#handle = handle;
    this.#files = files;
  }

  /** @throws FileSystemError */
  static async open(outDir: string, jobId: string): Promise<DownloadRecord> {
    const folder = recordFolderOf(outDir);
    await makeFolderBelow(outDir, folder);
    const path = join(folder, `${jobId.replace(/[^\w-]/g, "_").slice(0, 100)}.jsonl`);
    const flags = O_APPEND | O_CREAT | O_RDWR | O_NOFOLLOW | O_NONBLOCK;
    await checkReplaceable(path);
    const handle = await onDisk(path, () => open(path, flags));
    const text = await onDisk(path, () => handle.readFile("utf8")).catch(async (error: unknown) => {
      await handle.close();
      throw error;
    });
    return new DownloadRecord(path, handle, new Map(text.split("\n").flatMap(readLine)));
  }

  /** Whether `path` is the file that was downloaded as `relativePath`, unchanged since. */
  async has(relativePath: string, path: string): Promise<boolean> {
    const known = this.#files.get(relativePath);
    const stats = known && (await lstat(path).catch(() => undefined));
    if (!known || !stats?.isFile() || stats.size !== known.sizeBytes) return false;
    if (stats.ino === known.inode && stats.mtimeMs === known.modifiedMs) return true;
    // A copy, or a file restored from a backup, is still the same file.
    if ((await hashFile(path)) !== known.sha256) return false;
    await this.add(relativePath, { ...known, inode: stats.ino, modifiedMs: stats.mtimeMs });
    return true;
  }

  /** @throws FileSystemError */
  async add(relativePath: string, identity: FileIdentity): Promise<void> {
    this.#files.set(relativePath, identity);
    // A single write, so that other processes cannot interfere; starting with a line break, in case the last line was cut off.
    const line = Buffer.from(`\n${JSON.stringify({ relativePath, ...identity })}\n`);
    const { bytesWritten } = await onDisk(this.#path, () => this.#handle.write(line));
    if (bytesWritten < line.length) throw new FileSystemError({ path: this.#path, systemCode: "ENOSPC" });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.datasync().finally(() => this.#handle.close());
  }
}

async function hashFile(path: string): Promise<string | undefined> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(path), hash);
    return hash.digest("hex");
  } catch {
    return undefined;
  }
}

/** A line that was cut off by a crash is ignored: the file is downloaded again. */
function readLine(text: string): [string, FileIdentity][] {
  try {
    const { relativePath, ...identity } = lineSchema.parse(JSON.parse(text));
    return [[relativePath, identity]];
  } catch {
    return [];
  }
}
