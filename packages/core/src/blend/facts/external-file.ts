import type { Datablock } from "../file/datablock.ts";
import type { DatablockName } from "../file/datablock-name.ts";

/** What an external file is for. */
type ExternalFileKind =
  | "library"
  | "image"
  | "movie"
  | "sound"
  | "font"
  | "movie clip"
  /** Alembic or USD. */
  | "cache file"
  | "volume"
  | "mesh cache"
  | "ocean cache"
  | "fluid cache"
  | "point cache"
  | "geometry nodes bake"
  | "geometry nodes import"
  | "IES profile"
  | "OSL script"
  | "camera shader"
  | "multires data"
  | "voxel data"
  | "strip image"
  | "strip movie";

/** A file or folder outside the `.blend` that the scene refers to. */
export interface ExternalFile {
  readonly kind: ExternalFileKind;
  /** The datablock that refers to it: for a texture its image, for a modifier its object. */
  readonly owner: DatablockName;
  /**
   * Set if the datablock was linked from a library and packed (Blender 5): the library's path. `//` in `path` then stands for
   * the folder of that library.
   */
  readonly library: string | undefined;
  /** The modifier, node, strip or particle system in it that does, if there may be several. */
  readonly via: string | undefined;
  /**
   * As stored: `//` stands for the folder of the `.blend`, backslashes come from Windows, a set of UDIM tiles has a token
   * (in 2.8x, the number of its first tile). Of a sequence it is the first file.
   */
  readonly path: string;
  /** Whether it starts with `//`. */
  readonly isRelative: boolean;
  /** Whether the content is in the `.blend` too, so that the file need not exist. */
  readonly isPacked: boolean;
  /**
   * - `file`: one file
   * - `folder`: everything in a folder
   * - `sequence`: numbered files, of which `path` is one
   * - `tiles`: a UDIM set, one file per tile
   * - `list`: the files of `names`, in the folder of `path`
   */
  readonly extent: "file" | "folder" | "sequence" | "tiles" | "list";
  /** The numbers of the files in a sequence that are used, if the scene says so. */
  readonly frames: FrameSpan | undefined;
  /** The tiles of a UDIM set: 1001 and up. Empty for everything else. */
  readonly tiles: readonly number[];
  /** A stereo image with a file per view, of which `path` is one: the others have another suffix, such as `_R` for `_L`. */
  readonly hasViews: boolean;
  /** The names of an image strip's files. Empty for everything else. */
  readonly names: readonly string[];
}

/** What still has to be completed, once all datablocks are known. */
export interface FoundFile {
  readonly file: ExternalFile;
  /** Of the datablock that refers to it, and of the library that this was linked from. */
  readonly address: bigint;
  readonly library: bigint;
}

/** Both ends included. */
export interface FrameSpan {
  readonly first: number;
  readonly last: number;
}

type Details = Pick<ExternalFile, "kind" | "path"> & Partial<ExternalFile>;
const NOTHING_MORE = {
  library: undefined,
  via: undefined,
  isPacked: false,
  extent: "file",
  frames: undefined,
  tiles: [],
  hasViews: false,
  names: [],
} as const;

/** Nothing if the path is empty. */
export function* externalFile({ name }: Datablock, details: Details): Generator<ExternalFile, void> {
  const { kind, path, ...others } = details;
  if (path === "") return;
  yield { kind, owner: name, path, isRelative: path.startsWith("//"), ...NOTHING_MORE, ...others };
}
