import { createHash, type Hash } from "node:crypto";
import { type AskedRange, readContentRange } from "../../outputs/content-range.ts";
import type { PartFile } from "./part-file.ts";

/** How much of what has arrived is requested again, to verify that the rest belongs to the same file. */
const OVERLAP_BYTES = 16 * 1024;

/** The rest that the host sends does not match what has arrived. */
export class NotTheRest extends Error {}

/** A file being received; kept from one attempt to the next. */
export class Reception {
  readonly #part: PartFile;
  #hash: Hash = createHash("sha256");
  #totalBytes: number | undefined;
  #isLengthKnown = false;
  /** Set while the rest can be requested: only a strong ETag guarantees that both parts belong to one file. */
  #etag: string | undefined;
  #asked: AskedRange | undefined;
  /** What the rest has to start with. */
  #overlap: Buffer = Buffer.alloc(0);

  constructor(part: PartFile) {
    this.#part = part;
  }

  /** Of the whole file; undefined while it is not known. */
  get totalBytes(): number | undefined {
    return this.#totalBytes;
  }

  get isLengthKnown(): boolean {
    return this.#isLengthKnown;
  }

  /** Whether the last request asked only for the rest. */
  get hasAskedForRest(): boolean {
    return this.#asked !== undefined;
  }

  /** Headers for the next request. */
  requestHeaders(): Record<string, string> {
    const receivedBytes = this.#part.sizeBytes;
    this.#asked = undefined;
    if (this.#etag === undefined || receivedBytes < 2) return {};
    const startBytes = receivedBytes - Math.min(OVERLAP_BYTES, receivedBytes >> 1);
    this.#asked = { startBytes, totalBytes: this.#totalBytes, etag: this.#etag };
    return { range: `bytes=${startBytes}-`, "if-range": this.#etag };
  }

  /** The host sends the file from its start. */
  async beginWhole(headers: Readonly<Record<string, string>>, isPacked: boolean): Promise<void> {
    await this.#part.clear();
    this.#hash = createHash("sha256");
    this.#overlap = Buffer.alloc(0);
    const { etag, "content-length": length } = headers;
    const canResume = etag?.startsWith('"') && headers["accept-ranges"] !== "none" && !isPacked;
    this.#etag = canResume ? etag : undefined;
    const isTold = length !== undefined && /^\d+$/.test(length);
    this.#totalBytes = isTold && !isPacked ? Number(length) : undefined;
    this.#isLengthKnown = isPacked || isTold;
  }

  /** The host sends the rest. @throws NotTheRest if it is not what was requested */
  async beginRest(headers: Readonly<Record<string, string>>): Promise<void> {
    const totalBytes = this.#asked && readContentRange(headers, this.#asked);
    if (!this.#asked || totalBytes === undefined) throw new NotTheRest();
    const { startBytes } = this.#asked;
    this.#totalBytes = totalBytes;
    this.#isLengthKnown = true;
    this.#overlap = await this.#part.read(startBytes, this.#part.sizeBytes - startBytes);
  }

  /** Makes the next request ask for the whole file. */
  forget(): void {
    this.#etag = undefined;
  }

  async append(chunk: Buffer): Promise<void> {
    const known = this.#overlap.subarray(0, chunk.length);
    if (!chunk.subarray(0, known.length).equals(known)) throw new NotTheRest();
    this.#overlap = this.#overlap.subarray(known.length);
    const rest = chunk.subarray(known.length);
    await this.#part.append(rest);
    this.#hash.update(rest);
  }

  /** In words that follow "it". Undefined if everything has arrived. */
  findLengthProblem(): string | undefined {
    const { sizeBytes } = this.#part;
    if (this.#totalBytes === undefined || (this.#totalBytes === sizeBytes && this.#overlap.length === 0))
      return;
    return `is not complete: ${sizeBytes} of ${this.#totalBytes} bytes arrived`;
  }

  /** Call it once, at the end. */
  sha256(): string {
    return this.#hash.digest("hex");
  }
}
