import { type FileHandle, mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";

interface RecordLine {
  readonly relativePath: string;
  readonly sizeBytes: number;
}

/**
 * Which files of a job have arrived in a folder: one line of JSON per file under `.renderjuice/`. A file of the same
 * name from an earlier job is not in it and is therefore fetched anew.
 */
export class DownloadRecord implements AsyncDisposable {
  readonly #handle: FileHandle;
  readonly #sizes: Map<string, number>;

  private constructor(handle: FileHandle, sizes: Map<string, number>) {
    this.#handle = handle;
    this.#sizes = sizes;
  }

  static async open(outDir: string, jobId: string): Promise<DownloadRecord> {
    const folder = join(outDir, ".renderjuice");
    await mkdir(folder, { recursive: true });
    const path = join(folder, `${jobId.replace(/[^\w-]/g, "_")}.jsonl`);
    const text = await readFile(path, "utf8").catch(() => "");
    return new DownloadRecord(await open(path, "a"), new Map(text.split("\n").flatMap(readLine)));
  }

  sizeBytesOf(relativePath: string): number | undefined {
    return this.#sizes.get(relativePath);
  }

  async add(line: RecordLine): Promise<void> {
    this.#sizes.set(line.relativePath, line.sizeBytes);
    await this.#handle.write(`${JSON.stringify(line)}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }
}

/** A line that was cut off by a crash counts as not there: the file is fetched again. */
function readLine(text: string): [string, number][] {
  try {
    const { relativePath, sizeBytes } = JSON.parse(text) as RecordLine;
    return [[relativePath, sizeBytes]];
  } catch {
    return [];
  }
}
