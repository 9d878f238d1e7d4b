import type { BlendCompression } from "../content/open-content.ts";
import type { StructValue } from "../dna/struct-value.ts";
import { damaged } from "../file/damaged.ts";
import type { Datablock } from "../file/datablock.ts";
import type { BlendHeader } from "../file/header.ts";
import { LIMITS } from "../limits.ts";
import { type ExternalFile, externalFile, type FoundFile, type FrameSpan } from "./external-file.ts";
import { findImages, IMAGE_STRUCTS } from "./find-images.ts";
import { findMedia, MEDIA_STRUCTS } from "./find-media.ts";
import { findModifierFiles, MODIFIER_STRUCTS } from "./find-modifier-files.ts";
import { findFileOutputs, findNodeFiles, NODE_STRUCTS } from "./find-node-files.ts";
import { findPythonDrivers, findTexts, SCRIPT_STRUCTS } from "./find-scripts.ts";
import { type FoundSimulation, findSimulations, SIMULATION_STRUCTS } from "./find-simulations.ts";
import { findStripFiles, STRIP_STRUCTS } from "./find-strip-files.ts";
import { findImageUses, IMAGE_USER_STRUCTS } from "./image-frames.ts";
import { LIBRARY_STRUCTS, Libraries } from "./libraries.ts";
import { NODE_INPUT_STRUCTS, NodeInputs } from "./node-inputs.ts";
import { type FindName, readScene, SCENE_STRUCTS } from "./read-scene.ts";
import type {
  BlenderFileVersion,
  FileOutput,
  PythonDriver,
  SceneFacts,
  TextBlock,
  Thumbnail,
} from "./scene-facts.ts";
import type { SceneSettings } from "./scene-settings.ts";
import type { Simulation } from "./simulation.ts";

/** The structs with facts in them. Everything else is passed over. */
export const WANTED_STRUCTS: ReadonlySet<string> = new Set([
  "FileGlobal",
  ...SCENE_STRUCTS,
  ...IMAGE_STRUCTS,
  ...IMAGE_USER_STRUCTS,
  ...MEDIA_STRUCTS,
  ...MODIFIER_STRUCTS,
  ...NODE_STRUCTS,
  ...SCRIPT_STRUCTS,
  ...SIMULATION_STRUCTS,
  ...STRIP_STRUCTS,
  ...LIBRARY_STRUCTS,
  ...NODE_INPUT_STRUCTS,
]);
const FILE_FINDERS = [findImages, findMedia, findModifierFiles, findNodeFiles, findStripFiles];
/** Datablocks that scenes refer to by name. */
const NAMED_TYPES: readonly string[] = ["scene", "object", "node group"];

/** The facts of a file, which come together datablock by datablock. */
export class GatheredFacts {
  thumbnail: Thumbnail | undefined;
  readonly #header: BlendHeader;
  readonly #fileName: string;
  #global: StructValue | undefined;
  readonly #names = new Map<bigint, string>();
  readonly #scenes: ((nameOf: FindName) => SceneSettings)[] = [];
  readonly #imageFrames = new Map<bigint, FrameSpan>();
  readonly #libraries = new Libraries();
  readonly #nodeInputs = new NodeInputs();
  readonly #files: FoundFile[] = [];
  readonly #fileOutputs: FileOutput[] = [];
  readonly #simulations: Simulation[] = [];
  readonly #texts: TextBlock[] = [];
  readonly #drivers: PythonDriver[] = [];

  constructor(header: BlendHeader, fileName: string) {
    this.#header = header;
    this.#fileName = fileName;
  }

  addGlobal(global: StructValue): void {
    if (global.layout.name === "FileGlobal") this.#global = global;
  }

  add(datablock: Datablock): void {
    const { root, name, address, library } = datablock;
    if (NAMED_TYPES.includes(name.type)) this.#names.set(address, name.name);
    const isOwnScene = root.layout.name === "Scene" && library === 0n;
    if (isOwnScene) this.#scenes.push(readScene(datablock, this.#header.version));
    for (const [image, frames] of findImageUses(datablock)) this.#widenFrames(image, frames);
    for (const find of FILE_FINDERS) this.#addFiles(datablock, find(datablock));
    for (const found of findSimulations(datablock)) {
      this.#simulations.push(found.simulation);
      this.#addFiles(datablock, this.#cacheOf(datablock, found));
    }
    this.#libraries.add(datablock);
    this.#nodeInputs.add(datablock);
    for (const output of findFileOutputs(datablock)) this.#fileOutputs.push(output);
    for (const text of findTexts(datablock)) this.#texts.push(text);
    for (const driver of findPythonDrivers(datablock)) this.#drivers.push(driver);
    if (this.#count() > LIMITS.facts) throw damaged("has more facts than can be read", root.offset);
  }

  finish(compression: BlendCompression): SceneFacts {
    const nameOf: FindName = (address) => this.#names.get(address);
    const global = this.#global;
    return {
      version: { ...versionOf(this.#header.version), subversion: global?.number("subversion") },
      minVersion: minVersionOf(global),
      compression,
      isBigEndian: !this.#header.isLittleEndian,
      activeScene: nameOf(global?.pointer("curscene") ?? 0n),
      scenes: this.#scenes.map((withNames) => withNames(nameOf)),
      thumbnail: this.thumbnail,
      files: [
        ...this.#libraries.files(),
        ...[...this.#files, ...this.#nodeInputs.files()].map((found) => this.#complete(found)),
      ],
      fileOutputs: this.#fileOutputs,
      simulations: this.#simulations,
      texts: this.#texts,
      pythonDrivers: this.#drivers,
    };
  }

  /** Which frames of a sequence are used is said by the users of the image, anywhere in the file. */
  #complete({ file, address, library }: FoundFile): ExternalFile {
    const isSequence = file.kind === "image" && file.extent === "sequence";
    const frames = isSequence ? this.#imageFrames.get(address) : file.frames;
    return { ...file, frames, library: this.#libraries.pathOf(library) };
  }

  #widenFrames(image: bigint, { first, last }: FrameSpan): void {
    const known = this.#imageFrames.get(image);
    this.#imageFrames.set(image, {
      first: Math.min(first, known?.first ?? first),
      last: Math.max(last, known?.last ?? last),
    });
  }

  #addFiles({ address, library }: Datablock, files: Iterable<ExternalFile>): void {
    for (const file of files) this.#files.push({ file, address, library });
  }

  #cacheOf(datablock: Datablock, { simulation, externalFolder }: FoundSimulation): Iterable<ExternalFile> {
    const { storage, via, frames } = simulation;
    const path = storage === "folder" ? `//blendcache_${stemOf(this.#fileName)}` : externalFolder;
    return externalFile(datablock, { kind: "point cache", path, extent: "folder", via, frames });
  }

  #count(): number {
    const lists = [this.#files, this.#fileOutputs, this.#simulations, this.#texts, this.#drivers];
    return lists.reduce((sum, { length }) => sum + length, this.#nodeInputs.count);
  }
}

function versionOf(number: number): Pick<BlenderFileVersion, "major" | "minor"> {
  return { major: Math.floor(number / 100), minor: number % 100 };
}

function minVersionOf(global: StructValue | undefined): BlenderFileVersion | undefined {
  const number = global?.number("minversion");
  if (!number) return undefined;
  return { ...versionOf(number), subversion: global?.number("minsubversion") };
}

/** `shot.blend` → `shot` */
function stemOf(fileName: string): string {
  const name = fileName.slice(Math.max(fileName.lastIndexOf("/"), fileName.lastIndexOf("\\")) + 1);
  return name.replace(/\.[^.]*$/, "");
}
