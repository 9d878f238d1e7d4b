import { createHash, type Hash } from "node:crypto";
import { type AskedRange, readContentRange } from "../../outputs/content-range.ts";
import type { PartFile } from "./part-file.ts";

/** So much of what is there already is asked for again, to see that the rest is of the same file. */
const OVERLAP_BYTES = 16 * 1024;

/** The rest that the host sends does not go with what has arrived. */
export class NotTheRest extends Error {}

/** A file on its way to disk; kept from one attempt to the next. */
export class Reception {
  readonly #part: PartFile;
  #hash: Hash = createHash("sha256");
  #totalBytes: number | undefined;
  #isLengthKnown = false;
  /** Set while the rest can be asked for: only with a strong ETag are both halves said to be of one file. */
  #etag: string | undefined;
  #asked: AskedRange | undefined;
  /** What the beginning of the rest has to be. */
  #overlap: Buffer = Buffer.alloc(0);

  constructor(part: PartFile) {
    this.#part = part;
  }

  /** Of the whole file; undefined while nobody has told. */
  get totalBytes(): number | undefined {
    return this.#totalBytes;
  }

  get isLengthKnown(): boolean {
    return this.#isLengthKnown;
  }

  /** Whether the last request was for the rest only. */
  get hasAskedForRest(): boolean {
    return this.#asked !== undefined;
  }

  /** What the next request should ask for. */
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

  /** The host sends the rest. @throws NotTheRest when it is not the one that was asked for */
  async beginRest(headers: Readonly<Record<string, string>>): Promise<void> {
    const totalBytes = this.#asked && readContentRange(headers, this.#asked);
    if (!this.#asked || totalBytes === undefined) throw new NotTheRest();
    const { startBytes } = this.#asked;
    this.#totalBytes = totalBytes;
    this.#isLengthKnown = true;
    this.#overlap = await this.#part.read(startBytes, this.#part.sizeBytes - startBytes);
  }

  /** The next request asks for the whole file. */
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

  /** In words that follow "it"; undefined when as much has arrived as was told. */
  findLengthProblem(): string | undefined {
    const { sizeBytes } = this.#part;
    if (this.#totalBytes === undefined || (this.#totalBytes === sizeBytes && this.#overlap.length === 0))
      return;
    return `is not complete: ${sizeBytes} of ${this.#totalBytes} bytes arrived`;
  }

  /** Once, at the end. */
  sha256(): string {
    return this.#hash.digest("hex");
  }
}
