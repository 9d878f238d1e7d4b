import type { Route } from "./api-context.ts";
import { getDownloads } from "./routes/downloads.ts";
import { cancelJob, createJob, getJob, listJobs, startRender, validateJob } from "./routes/jobs.ts";
import { getAllProgress, getProgress } from "./routes/progress.ts";
import { createUpload } from "./routes/uploads.ts";

export const API_PATH = "/api/external/v1";

export interface Endpoint {
  /** The name that statistics and faults use. */
  readonly name: string;
  readonly method: "GET" | "POST";
  /** Below `API_PATH`, with `:id`. */
  readonly path: string;
  readonly route: Route;
}

/** All endpoints of the API host. `/jobs/progress` comes before `/jobs/:id`, which would take it. */
export const ENDPOINTS: readonly Endpoint[] = [
  { name: "createUpload", method: "POST", path: "/uploads", route: createUpload },
  { name: "createJob", method: "POST", path: "/jobs", route: createJob },
  { name: "listJobs", method: "GET", path: "/jobs", route: listJobs },
  { name: "getAllProgress", method: "GET", path: "/jobs/progress", route: getAllProgress },
  { name: "getJob", method: "GET", path: "/jobs/:id", route: getJob },
  { name: "validateJob", method: "POST", path: "/jobs/:id/validate", route: validateJob },
  { name: "startRender", method: "POST", path: "/jobs/:id/render", route: startRender },
  { name: "cancelJob", method: "POST", path: "/jobs/:id/cancel", route: cancelJob },
  { name: "getProgress", method: "GET", path: "/jobs/:id/progress", route: getProgress },
  { name: "getDownloads", method: "GET", path: "/jobs/:id/downloads", route: getDownloads },
];
