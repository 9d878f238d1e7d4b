import { basename, dirname, extname } from "node:path";
import { followLink, makeFolder, replaceFile } from "@renderjuice/core/adapter/node";
import { PNG } from "pngjs";
import { drawText, fillRectangle, fitText, textHeightPx, textWidthPx } from "./pixel-text.ts";
import { type FrameImage, FrameNotShownError, readFrameImage } from "./read-frame-image.ts";

const GAP_PX = 12;
const LABEL_SCALE = 2;
const TITLE_SCALE = 3;
const BACKGROUND = [24, 26, 31] as const;
const TILE = [44, 47, 55] as const;
const TEXT = [226, 228, 233] as const;
/** Used when no file can be shown. */
const DEFAULT_ASPECT = 16 / 9;

/** Options of `createContactSheet`. */
export interface ContactSheetOptions {
  /** Frames in the order of their tiles. PNG and JPEG are shown; of others the format is named. */
  readonly files: readonly string[];
  /** The PNG to write; its folder is made when it is missing. */
  readonly outFile: string;
  /** Of more files than this an even choice is shown. @default all of them */
  readonly maxTiles?: number | undefined;
  /** Tiles per row; by default about as many as make a sheet of screen shape. */
  readonly columns?: number | undefined;
  /** Default 240. */
  readonly tileWidthPx?: number | undefined;
  readonly title?: string | undefined;
}

/** What a contact sheet shows. */
export interface ContactSheet {
  readonly outFile: string;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Files whose tile is a placeholder, and what the tile says: `EXR, not shown`. */
  readonly notShown: readonly { readonly file: string; readonly reason: string }[];
}

/**
 * Draws frames side by side into one PNG, each with its file name. Frames are read one after the other, so the memory
 * it takes is that of one frame and the sheet.
 *
 * @throws RangeError when there are no files, or `maxTiles`, `columns` or `tileWidthPx` are not positive; the file system's own
 * error when a file is missing.
 * @throws FileSystemError when the sheet cannot be written.
 * @example
 * await createContactSheet({ files: ["renders/0001.png", "renders/0002.png"], outFile: "sheet.png" });
 */
export async function createContactSheet(options: ContactSheetOptions): Promise<ContactSheet> {
  const { outFile } = options;
  if (options.files.length === 0) throw new RangeError("A contact sheet needs at least one file.");
  const files = chooseEvenly(options.files, positive("maxTiles", options.maxTiles ?? options.files.length));
  const columns = positive("columns", options.columns ?? defaultColumns(files.length));
  const tileWidthPx = positive("tileWidthPx", options.tileWidthPx ?? 240);
  const notShown: { file: string; reason: string }[] = [];
  let sheet: Sheet | undefined;
  const waiting: { index: number; reason: string }[] = [];
  for (const [index, file] of files.entries()) {
    const frame = await readOrExplain(file);
    if (typeof frame === "string") {
      notShown.push({ file, reason: frame });
      waiting.push({ index, reason: frame });
      continue;
    }
    sheet ??= new Sheet({ ...options, files, columns, tileWidthPx, aspect: frame.width / frame.height });
    sheet.drawFrame(index, frame);
  }
  sheet ??= new Sheet({ ...options, files, columns, tileWidthPx, aspect: DEFAULT_ASPECT });
  for (const { index, reason } of waiting) sheet.drawPlaceholder(index, reason);
  await sheet.save(outFile);
  return { outFile, widthPx: sheet.image.width, heightPx: sheet.image.height, notShown };
}

function chooseEvenly(files: readonly string[], most: number): readonly string[] {
  const step = Math.ceil(files.length / most);
  return files.filter((_, index) => index % step === 0);
}

function positive(name: string, value: number): number {
  if (Number.isInteger(value) && value > 0) return value;
  throw new RangeError(`${name} must be a whole number of at least 1, not ${value}.`);
}

function defaultColumns(count: number): number {
  return Math.min(count, Math.ceil(Math.sqrt(count * 1.5)));
}

async function readOrExplain(file: string): Promise<FrameImage | string> {
  try {
    return await readFrameImage(file);
  } catch (error) {
    if (error instanceof FrameNotShownError) return error.message;
    throw error;
  }
}

type SheetOptions = ContactSheetOptions & {
  readonly columns: number;
  readonly tileWidthPx: number;
  /** Width divided by height of every tile. */
  readonly aspect: number;
};

class Sheet {
  readonly image: PNG;
  readonly #options: SheetOptions;
  readonly #tileHeightPx: number;
  readonly #topPx: number;

  constructor(options: SheetOptions) {
    const { columns, tileWidthPx, files, title } = options;
    this.#options = options;
    this.#tileHeightPx = Math.max(1, Math.round(tileWidthPx / options.aspect));
    this.#topPx = GAP_PX + (title === undefined ? 0 : textHeightPx(TITLE_SCALE) + GAP_PX);
    const rows = Math.ceil(files.length / columns);
    const width = GAP_PX + columns * (tileWidthPx + GAP_PX);
    this.image = new PNG({ width, height: this.#topPx + rows * this.#rowHeightPx });
    fillRectangle(this.image, 0, 0, width, this.image.height, BACKGROUND);
    if (title !== undefined) this.#write(title, GAP_PX, GAP_PX, width - 2 * GAP_PX, TITLE_SCALE);
    for (const [index, file] of files.entries()) this.#writeLabel(index, file);
  }

  /** Fits the frame into its tile without changing its shape. */
  drawFrame(index: number, frame: FrameImage): void {
    const { tileWidthPx } = this.#options;
    const scale = Math.min(tileWidthPx / frame.width, this.#tileHeightPx / frame.height);
    const width = Math.max(1, Math.round(frame.width * scale));
    const height = Math.max(1, Math.round(frame.height * scale));
    const tile = this.#tileCorner(index);
    const left = tile.x + Math.floor((tileWidthPx - width) / 2);
    const top = tile.y + Math.floor((this.#tileHeightPx - height) / 2);
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const color = averageColor(frame, x / width, y / height, (x + 1) / width, (y + 1) / height);
        this.image.data.set(color, ((top + y) * this.image.width + left + x) * 4);
      }
    }
  }

  drawPlaceholder(index: number, reason: string): void {
    const { tileWidthPx } = this.#options;
    const { x, y } = this.#tileCorner(index);
    fillRectangle(this.image, x, y, tileWidthPx, this.#tileHeightPx, TILE);
    const text = fitText(reason, tileWidthPx, LABEL_SCALE);
    const left = x + Math.floor((tileWidthPx - textWidthPx(text, LABEL_SCALE)) / 2);
    const top = y + Math.floor((this.#tileHeightPx - textHeightPx(LABEL_SCALE)) / 2);
    this.#write(text, left, top, tileWidthPx, LABEL_SCALE);
  }

  async save(path: string): Promise<void> {
    const place = await followLink(path);
    await makeFolder(dirname(place));
    await replaceFile(place, PNG.sync.write(this.image, { colorType: 2 }));
  }

  get #rowHeightPx(): number {
    return this.#tileHeightPx + textHeightPx(LABEL_SCALE) + 2 * GAP_PX;
  }

  #tileCorner(index: number): { x: number; y: number } {
    const { columns, tileWidthPx } = this.#options;
    const x = GAP_PX + (index % columns) * (tileWidthPx + GAP_PX);
    return { x, y: this.#topPx + Math.floor(index / columns) * this.#rowHeightPx };
  }

  #writeLabel(index: number, file: string): void {
    const { x, y } = this.#tileCorner(index);
    const top = y + this.#tileHeightPx + Math.floor(GAP_PX / 2);
    this.#write(basename(file, extname(file)), x, top, this.#options.tileWidthPx, LABEL_SCALE);
  }

  #write(text: string, x: number, y: number, widthPx: number, scale: number): void {
    drawText(this.image, { text: fitText(text, widthPx, scale), x, y, scale, color: TEXT });
  }
}

/** Mean color of a part of the image, given in shares of its width and height; transparent parts show the tile. */
function averageColor(frame: FrameImage, left: number, top: number, right: number, bottom: number) {
  const fromX = Math.floor(left * frame.width);
  const toX = Math.max(fromX + 1, Math.floor(right * frame.width));
  const fromY = Math.floor(top * frame.height);
  const toY = Math.max(fromY + 1, Math.floor(bottom * frame.height));
  const sum = [0, 0, 0];
  for (let y = fromY; y < toY; y += 1) {
    for (let x = fromX; x < toX; x += 1) {
      const at = (y * frame.width + x) * 4;
      const opacity = (frame.data[at + 3] ?? 0) / 255;
      for (let channel = 0; channel < 3; channel += 1) {
        const tile = TILE[channel] ?? 0;
        sum[channel] = (sum[channel] ?? 0) + tile + ((frame.data[at + channel] ?? 0) - tile) * opacity;
      }
    }
  }
  const count = (toX - fromX) * (toY - fromY);
  return [...sum.map((value) => Math.round(value / count)), 255];
}
