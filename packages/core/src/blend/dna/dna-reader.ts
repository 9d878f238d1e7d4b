import { damaged } from "../file/damaged.ts";

const MAX_NAME_LENGTH = 1024;
/** One character per byte. */
const LATIN_1 = new TextDecoder("latin1");

/** Reads the parts of an SDNA, one after the other. Every read throws `BlendFileError` at the end of the block. */
export class DnaReader {
  /** All of it as text: its marks and names are ASCII. */
  readonly #text: string;
  readonly #view: DataView;
  readonly #isLittleEndian: boolean;
  readonly #fileOffset: number;
  #offset = 0;

  constructor(bytes: Uint8Array, isLittleEndian: boolean, fileOffset: number) {
    this.#text = LATIN_1.decode(bytes);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#isLittleEndian = isLittleEndian;
    this.#fileOffset = fileOffset;
  }

  damaged() {
    return damaged("has a damaged DNA, which describes its structs", this.#fileOffset + this.#offset);
  }

  expect(mark: string): void {
    const start = this.#take(4);
    if (!this.#text.startsWith(mark, start)) throw this.damaged();
  }

  uint16(): number {
    return this.#view.getUint16(this.#take(2), this.#isLittleEndian);
  }

  /** How many elements follow, of which each takes at least `elementBytes`. */
  count(elementBytes: number): number {
    const count = this.#view.getUint32(this.#take(4), this.#isLittleEndian);
    if (count * elementBytes > this.#view.byteLength - this.#offset) throw this.damaged();
    return count;
  }

  /** As many zero-terminated texts as the number before them says. */
  texts(): string[] {
    return Array.from({ length: this.count(1) }, () => {
      const end = this.#text.indexOf("\0", this.#offset);
      if (end < 0 || end - this.#offset > MAX_NAME_LENGTH) throw this.damaged();
      const text = this.#text.slice(this.#offset, end);
      this.#offset = end + 1;
      return text;
    });
  }

  /** Each part starts at a multiple of four, counted from the start of the block. */
  align(): void {
    this.#offset = Math.ceil(this.#offset / 4) * 4;
  }

  #take(length: number): number {
    const start = this.#offset;
    if (start + length > this.#view.byteLength) throw this.damaged();
    this.#offset += length;
    return start;
  }
}
