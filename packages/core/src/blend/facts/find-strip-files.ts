import type { Datablock } from "../file/datablock.ts";
import { type ExternalFile, externalFile } from "./external-file.ts";

const IMAGE_STRIP = 0;
const MOVIE_STRIP = 3;

export const STRIP_STRUCTS = ["Editing", "Sequence", "Strip", "StripElem"];

/** The images and movies of the sequencer, also those inside meta strips. Sounds are separate datablocks. */
export function* findStripFiles(datablock: Datablock): Generator<ExternalFile, void> {
  for (const sequence of datablock.all("Sequence")) {
    const type = sequence.number("type");
    if (type !== IMAGE_STRIP && type !== MOVIE_STRIP) continue;
    const [strip] = datablock.follow(sequence.pointer("strip"));
    const folder = strip?.text("dir", "dirpath") ?? "";
    const elements = datablock.follow(strip?.pointer("stripdata") ?? 0n);
    const names = elements.map((element) => element.text("name", "filename")).filter(Boolean);
    const [first] = names;
    if (first === undefined) continue;
    const isList = type === IMAGE_STRIP && names.length > 1;
    yield* externalFile(datablock, {
      kind: type === IMAGE_STRIP ? "strip image" : "strip movie",
      path: joinFolder(folder, first),
      // Stored with the two letters that datablocks have.
      via: sequence.text("name").slice(2),
      extent: isList ? "list" : "file",
      names: isList ? names : [],
    });
  }
}

function joinFolder(folder: string, name: string): string {
  return folder === "" || /[\\/]$/.test(folder) ? folder + name : `${folder}/${name}`;
}
