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
 */
export async function createContactSheet(options: ContactSheetOptions): Promise<ContactSheet> {
  // Loaded when it is wanted: image libraries are no small thing, and most programs never draw a sheet.
  const { drawContactSheet } = await import("./draw-contact-sheet.ts");
  return drawContactSheet(options);
}
