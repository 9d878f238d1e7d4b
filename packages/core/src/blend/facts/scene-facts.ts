import type { BlendCompression } from "../content/open-content.ts";
import type { DatablockName } from "../file/datablock-name.ts";
import type { ExternalFile } from "./external-file.ts";
import type { SceneSettings } from "./scene-settings.ts";
import type { Simulation } from "./simulation.ts";

/** What a `.blend` says about itself, read without Blender. */
export interface SceneFacts {
  readonly version: BlenderFileVersion;
  /** The oldest Blender that opens the file, as far as the file says. */
  readonly minVersion: BlenderFileVersion | undefined;
  readonly compression: BlendCompression;
  /** Big-endian files come from PowerPC and SGI machines. Blender 5 no longer opens them. */
  readonly isBigEndian: boolean;
  /** The scene that was active when the file was saved: the one that a farm renders by default. */
  readonly activeScene: string | undefined;
  readonly scenes: readonly SceneSettings[];
  readonly thumbnail: Thumbnail | undefined;
  /** Every file outside that the scene refers to, also those that are packed into it. */
  readonly files: readonly ExternalFile[];
  /** Files that rendering writes besides its output, by compositor nodes. */
  readonly fileOutputs: readonly FileOutput[];
  readonly simulations: readonly Simulation[];
  readonly texts: readonly TextBlock[];
  /** Drivers with a Python expression. Those that are simple arithmetic run even where scripts are not allowed. */
  readonly pythonDrivers: readonly PythonDriver[];
}

/** 5.2, subversion 45 */
export interface BlenderFileVersion {
  readonly major: number;
  readonly minor: number;
  readonly subversion: number | undefined;
}

/** The picture that file managers show. */
export interface Thumbnail {
  readonly width: number;
  readonly height: number;
  /** RGBA, 8 bits each, starting at the top left. */
  readonly pixels: Uint8Array;
}

/** A File Output node of the compositor. */
export interface FileOutput {
  readonly owner: DatablockName;
  readonly node: string;
  /** A folder, or the start of file names, as stored. */
  readonly path: string;
  readonly isMuted: boolean;
}

/** A text in Blender's text editor. */
export interface TextBlock {
  readonly name: string;
  /** "Register": runs as a Python script when the file is opened, where scripts are allowed. */
  readonly runsOnLoad: boolean;
  /** The file it came from, if any. The text itself is in the `.blend`. */
  readonly path: string | undefined;
}

export interface PythonDriver {
  readonly owner: DatablockName;
  readonly expression: string;
}
