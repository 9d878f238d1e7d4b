/** Folders that Blender works with: on this machine, or as Blender itself sees them. */
export interface JobFolders {
  /** The unpacked source; Blender only reads it. */
  readonly sceneDir: string;
  /** What Blender writes: its home, what is unfinished, and at the top finished files for the sandbox to fetch. */
  readonly workDir: string;
}

/** How one run of Blender is confined. */
export interface Cell {
  /** What comes before Blender's own arguments; ends with Blender itself. */
  readonly command: readonly string[];
  /** The job's folders as Blender sees them. */
  readonly folders: JobFolders;
  /** The folder of our Python scripts as Blender sees it. */
  readonly scriptsDir: string;
}

/**
 * - `bubblewrap`: sees the system's programs and its own job, nothing else; no network; nothing outlives the job.
 * - `namespaces`: no network and nothing outlives the job, but Blender reads and writes what the sandbox's user may.
 * - `none`: an ordinary process of the sandbox's user.
 */
export type IsolationKind = "bubblewrap" | "namespaces" | "none";

export interface Isolation {
  readonly kind: IsolationKind;
  /** What this means, for a person. */
  readonly description: string;
  /** User and group that Blender runs as, where it is not the sandbox's own. */
  readonly userId: number | undefined;
  /** Whether Blender may use the display of the sandbox's user. */
  readonly hasDisplay: boolean;
  enter(folders: JobFolders): Cell;
}

/** - `auto`: the best that this machine has. - `required`: bubblewrap or nothing. - `off`: none. */
export type IsolationMode = "auto" | "required" | "off";
