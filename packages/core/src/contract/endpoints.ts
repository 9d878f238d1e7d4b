import type * as z from "zod/v4";
import { downloadsSchema } from "./downloads.ts";
import { createJobRequestSchema, jobPageSchema, jobSchema, listJobsQuerySchema } from "./job.ts";
import { progressSchema } from "./progress.ts";
import { startRenderRequestSchema } from "./render-config.ts";
import { createUploadRequestSchema, uploadTargetSchema } from "./upload.ts";

/** Everything there is to know about an endpoint, for the client, the sandbox, the documentation and the tests. */
export interface Endpoint {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the base URL; `{id}` stands for the id of a job. */
  readonly path: string;
  /** What is being done, in words, for errors and events. */
  readonly operation: string;
  /** `"unsent-only"`: the server would do it twice, so it is only repeated if it certainly did not reach the server. */
  readonly repeat: "always" | "unsent-only";
  readonly query?: z.ZodObject | undefined;
  readonly body?: z.ZodType | undefined;
  readonly answer: z.ZodType;
  /** Whether the documented answer has the schema's value in `data`. Clients take both. */
  readonly isWrapped?: boolean | undefined;
  /** Its place in the sequence from a scene to frames. */
  readonly step?: number | undefined;
  readonly summary: string;
  readonly description?: string | undefined;
  /** A body that works. */
  readonly example?: unknown;
}

const NO_MEMBERS_DOCUMENTED = "The documentation does not list the members; these are the sandbox's own.";

/** In the order of the documentation. `/jobs/progress` comes before `/jobs/{id}`, which would take it. */
export const ENDPOINTS = {
  createUpload: {
    method: "POST",
    path: "/uploads",
    operation: "create upload target",
    repeat: "always",
    body: createUploadRequestSchema,
    answer: uploadTargetSchema,
    step: 1,
    summary: "Get an upload URL",
    description:
      "Then send the file there, without the API key: `curl -T shot.blend '<uploadUrl>'`. The URL is valid for a single PUT of less than 5 GiB.",
    example: { fileName: "shot.blend", fileType: "blend" },
  },
  createJob: {
    method: "POST",
    path: "/jobs",
    operation: "create job",
    repeat: "unsent-only",
    body: createJobRequestSchema,
    answer: jobSchema,
    step: 2,
    summary: "Create a job from the upload",
    example: { slug: "<slug of step 1>" },
  },
  validateJob: {
    method: "POST",
    path: "/jobs/{id}/validate",
    operation: "validate job",
    repeat: "always",
    answer: jobSchema,
    step: 3,
    summary: "Validate the scene",
    description: "Allowed once, while the job is `created`.",
  },
  startRender: {
    method: "POST",
    path: "/jobs/{id}/render",
    operation: "start render",
    repeat: "always",
    body: startRenderRequestSchema,
    answer: jobSchema,
    step: 4,
    summary: "Start the render",
    description:
      "Allowed once the job is `validated`. A second call changes nothing and responds with `X-Idempotent-Replay: true`.",
    example: {
      requestedRenderConfig: {
        colorManagementPreset: "default",
        frameRanges: ["1-2"],
        resolutionPercentage: 50,
      },
    },
  },
  getDownloads: {
    method: "GET",
    path: "/jobs/{id}/downloads",
    operation: "get downloads",
    repeat: "always",
    answer: downloadsSchema,
    step: 5,
    summary: "Get the download URLs",
    description:
      "Empty until the job is `completed`. The URLs are signed and expire; they do not need the key.",
  },
  listJobs: {
    method: "GET",
    path: "/jobs",
    operation: "list jobs",
    repeat: "always",
    query: listJobsQuerySchema,
    answer: jobPageSchema,
    summary: "List jobs",
  },
  getAllProgress: {
    method: "GET",
    path: "/jobs/progress",
    operation: "get progress of all jobs",
    repeat: "always",
    answer: progressSchema,
    summary: "Get the progress of all jobs",
    description: NO_MEMBERS_DOCUMENTED,
  },
  getJob: {
    method: "GET",
    path: "/jobs/{id}",
    operation: "get job",
    repeat: "always",
    answer: jobSchema,
    isWrapped: true,
    summary: "Get a job",
    description: "The only response that is wrapped in `data`.",
  },
  getProgress: {
    method: "GET",
    path: "/jobs/{id}/progress",
    operation: "get progress",
    repeat: "always",
    answer: progressSchema,
    summary: "Get the progress of a job",
    description: NO_MEMBERS_DOCUMENTED,
  },
  cancelJob: {
    method: "POST",
    path: "/jobs/{id}/cancel",
    operation: "cancel job",
    repeat: "always",
    answer: jobSchema,
    summary: "Cancel a job",
    description: "Refused once the job is over.",
  },
} as const satisfies Readonly<Record<string, Endpoint>>;

/** The name of an endpoint, as the sandbox's faults and statistics use it. */
export type EndpointName = keyof typeof ENDPOINTS;
