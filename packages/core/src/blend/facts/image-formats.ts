/** Blender's names for the numbers in `ImageFormatData.imtype`. */
const FORMATS: Readonly<Record<number, string>> = {
  0: "TARGA",
  1: "IRIS",
  4: "JPEG",
  14: "TARGA_RAW",
  15: "AVI_RAW",
  16: "AVI_JPEG",
  17: "PNG",
  20: "BMP",
  21: "HDR",
  22: "TIFF",
  23: "OPEN_EXR",
  24: "FFMPEG",
  26: "CINEON",
  27: "DPX",
  28: "OPEN_EXR_MULTILAYER",
  30: "JPEG2000",
  35: "WEBP",
  37: "AVIF",
};
const MOVIES: readonly string[] = ["AVI_RAW", "AVI_JPEG", "FFMPEG"];

export function imageFormat(imtype: number | undefined): string | undefined {
  return imtype === undefined ? undefined : FORMATS[imtype];
}

export function isMovieFormat(format: string | undefined): boolean {
  return format !== undefined && MOVIES.includes(format);
}
