/** The folders that Blender uses, on this machine or as Blender sees them. */
export interface JobFolders {
  /** The unpacked source; Blender only reads it. */
  readonly sceneDir: string;
  /** What Blender writes: its home, unfinished files, and at the top level finished files for the sandbox to take. */
  readonly workDir: string;
}

/** How one run of Blender is confined. */
export interface Cell {
  /** The arguments before Blender's own; ends with Blender itself. */
  readonly command: readonly string[];
  /** The job's folders as Blender sees them. */
  readonly folders: JobFolders;
  /** The folder of our Python scripts as Blender sees it. */
  readonly scriptsDir: string;
}

/**
 * - `bubblewrap`: sees the system's programs and its own job, nothing else; no network; nothing outlives the job.
 * - `namespaces`: no network and nothing outlives the job, but Blender can read and write what the sandbox's user can.
 * - `none`: an ordinary process of the sandbox's user.
 */
export type IsolationKind = "bubblewrap" | "namespaces" | "none";

export interface Isolation {
  readonly kind: IsolationKind;
  /** A description for people. */
  readonly description: string;
  /** The user and group that Blender runs as, if not the sandbox's own. */
  readonly userId: number | undefined;
  /** Whether Blender may use the display of the sandbox's user. */
  readonly hasDisplay: boolean;
  enter(folders: JobFolders): Cell;
}

/** - `auto`: the best that this machine supports. - `required`: bubblewrap or nothing. - `off`: none. */
export type IsolationMode = "auto" | "required" | "off";
