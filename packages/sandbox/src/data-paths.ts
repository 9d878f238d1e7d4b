import { join } from "node:path";

/** Where the sandbox keeps its files. Names are made by the sandbox itself, never by a client. */
export interface DataPaths {
  upload(slug: string, fileType: string): string;
  /** The unpacked archive of a job. */
  scene(jobId: string): string;
  output(jobId: string): string;
  archive(jobId: string, name: "frames" | "compositeNodes"): string;
}

export function createDataPaths(dataDir: string): DataPaths {
  return {
    upload: (slug, fileType) => join(dataDir, "uploads", `${slug}.${fileType}`),
    scene: (jobId) => join(dataDir, "jobs", jobId, "scene"),
    output: (jobId) => join(dataDir, "jobs", jobId, "output"),
    archive: (jobId, name) => join(dataDir, "jobs", jobId, `${name}.zip`),
  };
}
