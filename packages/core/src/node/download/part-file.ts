import { randomBytes } from "node:crypto";
import { type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { FileSystemError } from "../../errors/index.ts";
import { fileSystemFailure, onDisk } from "../files/file-system-failure.ts";
import { nameOfProcess } from "./stale-parts.ts";

const ATTEMPTS = 10;
const RETRY_MS = 100;
/** What Windows returns while a virus scanner or another program has the file open. */
const HELD = new Set(["EPERM", "EACCES", "EBUSY"]);

/**
 * A temporary file in the destination folder, with a name unique to this process. It only gets its final name once it is
 * completely on disk.
 */
export class PartFile implements AsyncDisposable {
  readonly #handle: FileHandle;
  readonly #partPath: string;
  readonly #path: string;
  #sizeBytes = 0;
  #isOpen = true;

  private constructor(handle: FileHandle, partPath: string, path: string) {
    this.#handle = handle;
    this.#partPath = partPath;
    this.#path = path;
  }

  /** @throws FileSystemError */
  static async create(path: string, mode = 0o666): Promise<PartFile> {
    outliveFileSizeLimit();
    const partPath = join(dirname(path), `${nameOfProcess()}-${randomBytes(8).toString("hex")}.part`);
    // "x": never an existing file, and never through a link.
    const handle = await onDisk(path, () => open(partPath, "wx+", mode));
    return new PartFile(handle, partPath, path);
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Appends bytes. The system may write fewer than requested: the rest is written again. */
  async append(bytes: Uint8Array): Promise<void> {
    for (let writtenBytes = 0; writtenBytes < bytes.byteLength; ) {
      const given = bytes.byteLength - writtenBytes;
      const { bytesWritten } = await onDisk(this.#path, () =>
        this.#handle.write(bytes, writtenBytes, given, this.#sizeBytes),
      );
      if (bytesWritten === 0) throw new FileSystemError({ path: this.#path, systemCode: "ENOSPC" });
      writtenBytes += bytesWritten;
      this.#sizeBytes += bytesWritten;
    }
  }

  /** Reads bytes that have been written. */
  async read(offset: number, length: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(length);
    for (let readBytes = 0; readBytes < length; ) {
      const { bytesRead } = await onDisk(this.#path, () =>
        this.#handle.read(buffer, readBytes, length - readBytes, offset + readBytes),
      );
      if (bytesRead === 0) throw new FileSystemError({ path: this.#path, systemCode: "EIO" });
      readBytes += bytesRead;
    }
    return buffer;
  }

  async clear(): Promise<void> {
    if (this.#sizeBytes === 0) return;
    await onDisk(this.#path, () => this.#handle.truncate(0));
    this.#sizeBytes = 0;
  }

  async sync(): Promise<void> {
    await onDisk(this.#path, () => this.#handle.datasync());
  }

  /**
   * Gives the file its final name, replacing an existing file.
   *
   * @throws FileSystemError if it is not on disk as it was written
   */
  async finish(): Promise<{ inode: number; modifiedMs: number }> {
    await this.sync();
    const stats = await onDisk(this.#path, () => this.#handle.stat());
    if (stats.size !== this.#sizeBytes) throw new FileSystemError({ path: this.#path, systemCode: "ENOSPC" });
    // Windows cannot rename an open file, and some disks only report here that they are full.
    await this.#close();
    await checkReplaceable(this.#path);
    await renameHeld(this.#partPath, this.#path);
    return { inode: stats.ino, modifiedMs: stats.mtimeMs };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isOpen) await this.#close().catch(() => undefined);
    await rm(this.#partPath, { force: true }).catch(() => undefined);
  }

  async #close(): Promise<void> {
    this.#isOpen = false;
    await onDisk(this.#path, () => this.#handle.close());
  }
}

/** Replacing a pipe or a device would break whatever uses it. @throws FileSystemError `EISDIR`, `EFTYPE` */
export async function checkReplaceable(path: string): Promise<void> {
  const stats = await stat(path).catch(() => undefined);
  if (!stats || stats.isFile()) return;
  throw new FileSystemError({ path, systemCode: stats.isDirectory() ? "EISDIR" : "EFTYPE" });
}

/** Waits up to a second for a file that another program has open. */
export async function renameHeld(
  from: string,
  to: string,
  move = rename,
  sleep: (ms: number) => Promise<unknown> = setTimeout,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await move(from, to);
    } catch (error) {
      const isHeld = HELD.has((error as NodeJS.ErrnoException).code ?? "");
      if (!isHeld || attempt === ATTEMPTS) throw fileSystemFailure(error, to);
      await sleep(RETRY_MS);
    }
  }
}

let isLimitOutlived = false;

/**
 * Exceeding a file size limit raises a signal first and then fails the write. Node ignores the signal, but libraries that
 * clean up on exit (signal-exit) handle it by ending the process, unless there is another listener.
 */
function outliveFileSizeLimit(): void {
  if (isLimitOutlived) return;
  isLimitOutlived = true;
  process.on("SIGXFSZ", () => undefined);
}
