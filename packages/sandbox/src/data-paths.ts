import { chmodSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

/** Where the sandbox keeps its files. The sandbox chooses the names, never a client. */
export interface DataPaths {
  readonly root: string;
  upload(slug: string, fileType: string): string;
  /** The unpacked archive of a job. */
  scene(jobId: string): string;
  /** Unfinished files of the renderer. */
  work(jobId: string): string;
  output(jobId: string): string;
  archive(jobId: string, name: "frames" | "compositeNodes"): string;
}

export function createDataPaths(dataDir: string): DataPaths {
  const root = resolve(dataDir);
  return {
    root,
    upload: (slug, fileType) => join(root, "uploads", `${slug}.${fileType}`),
    scene: (jobId) => join(root, "jobs", jobId, "scene"),
    work: (jobId) => join(root, "jobs", jobId, "work"),
    output: (jobId) => join(root, "jobs", jobId, "output"),
    archive: (jobId, name) => join(root, "jobs", jobId, `${name}.zip`),
  };
}

/** Creates the data folder, for its owner only. @throws Error with the folder's name if that is not possible. */
export function makeDataFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    for (const name of ["uploads", "jobs"]) {
      mkdirSync(join(dataDir, name), { recursive: true });
      // In case an earlier version, or the user's umask, has left them open.
      chmodSync(join(dataDir, name), 0o700);
    }
  } catch (cause) {
    const { message } = cause as Error;
    throw new Error(
      `The data folder ${resolve(dataDir)} cannot be used: ${message}. Choose a folder that you can write to.`,
      { cause },
    );
  }
}

/** Removes unfinished files of a killed process. No other process may be using the folder. */
export function removeUnfinished(dataDir: string): void {
  const uploads = join(dataDir, "uploads");
  for (const name of readdirSync(uploads)) if (name.endsWith(".part")) rmSync(join(uploads, name));
  for (const jobId of readdirSync(join(dataDir, "jobs"))) {
    rmSync(join(dataDir, "jobs", jobId, "work"), { recursive: true, force: true });
  }
}
