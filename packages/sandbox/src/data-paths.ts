import { join, resolve } from "node:path";

/** Where the sandbox keeps its files. Names are made by the sandbox itself, never by a client. */
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
