import type { StructValue } from "../dna/struct-value.ts";
import type { Datablock } from "../file/datablock.ts";
import { type ExternalFile, externalFile } from "./external-file.ts";

const SEQUENCE = 2;
const MOVIE = 3;
const TILED = 6;
/** IMA_USE_VIEWS */
const USES_VIEWS = 0x4000;
/** R_IMF_VIEWS_INDIVIDUAL: a file per view, instead of one for all. */
const INDIVIDUAL_VIEWS = 0;
/** Generated images and render results. */
const WITHOUT_FILE: readonly (number | undefined)[] = [4, 5];

export const IMAGE_STRUCTS = ["Image", "ImageTile", "ImageView", "ImagePackedFile"];

/** The files of an image datablock: a file, sequence, movie or set of tiles; for stereo images also those of each view. */
export function* findImages(datablock: Datablock): Generator<ExternalFile, void> {
  const { root: image } = datablock;
  if (image.layout.name !== "Image") return;
  const source = image.number("source");
  if (WITHOUT_FILE.includes(source)) return;
  const path = image.text("name", "filepath");
  const details = {
    kind: source === MOVIE ? ("movie" as const) : ("image" as const),
    extent: extentOf(source),
    isPacked: isPacked(image) || datablock.all("ImagePackedFile").some(isPacked),
    hasViews: image.flag("flag", USES_VIEWS) === true && image.number("views_format") === INDIVIDUAL_VIEWS,
    tiles: source === TILED ? tilesOf(datablock) : [],
  };
  yield* externalFile(datablock, { ...details, path });
  for (const view of datablock.all("ImageView")) {
    const viewPath = view.text("filepath");
    if (viewPath !== path)
      yield* externalFile(datablock, { ...details, path: viewPath, via: view.text("name") });
  }
}

function extentOf(source: number | undefined): ExternalFile["extent"] {
  if (source === SEQUENCE) return "sequence";
  return source === TILED ? "tiles" : "file";
}

function isPacked(struct: StructValue): boolean {
  return struct.pointer("packedfile") !== 0n;
}

function tilesOf(datablock: Datablock): number[] {
  return datablock.all("ImageTile").flatMap((tile) => tile.number("tile_number") ?? []);
}
