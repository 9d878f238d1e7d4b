import type { StructValue } from "../dna/struct-value.ts";
import type { Datablock } from "../file/datablock.ts";
import { type ExternalFile, externalFile } from "./external-file.ts";

const CLIP_SEQUENCE = 1;
const EXTERNAL = 1;
const BUILT_IN_FONT = "<builtin>";

export const MEDIA_STRUCTS = [
  "VFont",
  "bSound",
  "MovieClip",
  "CacheFile",
  "CacheFileLayer",
  "Volume",
  "Camera",
];

/** Datablocks that stand for a file: fonts, sounds, clips, Alembic and USD, volumes; a camera with an OSL file. */
export function* findMedia(datablock: Datablock): Generator<ExternalFile, void> {
  const { root } = datablock;
  const isPacked = root.pointer("packedfile") !== 0n;
  const isSequence = root.number("is_sequence") === 1;
  const path = root.text("name", "filepath");
  switch (root.layout.name) {
    case "VFont":
      if (path !== BUILT_IN_FONT) yield* externalFile(datablock, { kind: "font", path, isPacked });
      break;
    case "bSound":
      yield* externalFile(datablock, { kind: "sound", path, isPacked });
      break;
    case "MovieClip": {
      const extent = root.number("source") === CLIP_SEQUENCE ? "sequence" : "file";
      yield* externalFile(datablock, { kind: "movie clip", path, extent });
      break;
    }
    case "CacheFile":
      yield* externalFile(datablock, {
        kind: "cache file",
        path: root.text("filepath"),
        extent: isSequence ? "sequence" : "file",
      });
      for (const layer of datablock.all("CacheFileLayer")) {
        yield* externalFile(datablock, { kind: "cache file", path: layer.text("filepath"), via: "layer" });
      }
      break;
    case "Volume":
      yield* externalFile(datablock, {
        kind: "volume",
        path: root.text("filepath"),
        isPacked,
        extent: isSequence ? "sequence" : "file",
        frames: isSequence ? volumeFrames(root) : undefined,
      });
      break;
    case "Camera":
      if (root.number("custom_mode") !== EXTERNAL) break;
      yield* externalFile(datablock, { kind: "camera shader", path: root.text("custom_filepath") });
  }
}

/** The first frame shows the file of number `frame_offset + 1`, like in image sequences. */
function volumeFrames(volume: StructValue) {
  const count = volume.number("frame_duration") ?? 0;
  const offset = volume.number("frame_offset") ?? 0;
  return count > 0 ? { first: offset + 1, last: offset + count } : undefined;
}
