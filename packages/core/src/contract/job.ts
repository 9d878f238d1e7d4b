import { z } from "zod/v4";
import { optional, optionalOrText } from "./loose.ts";
import { type Open, openEnum } from "./open-enum.ts";
import { finalConfigSchema, requestedConfigSchema } from "./render-config.ts";
import { sceneAnalysisSchema } from "./scene-analysis.ts";

/** The documented statuses. The set has changed between published versions, so a job may carry others. */
export const JOB_STATUSES = [
  "created",
  "validating",
  "validated",
  "debugging",
  "rendering",
  "finalizing",
  "completed",
  "failed",
  "canceled",
  "booting",
  "suspended",
] as const;
export type KnownJobStatus = (typeof JOB_STATUSES)[number];
export type JobStatus = Open<KnownJobStatus>;

/** Body of `POST /jobs`. */
export const createJobRequestSchema = z.strictObject({ slug: z.string().min(1) });
export type CreateJobRequest = z.infer<typeof createJobRequestSchema>;

/** Documented as `{ name, type }`; a plain text is accepted as well. */
const failedReasonSchema = z.union([
  z.string(),
  z.looseObject({ name: z.string().nullish(), type: z.string().nullish() }),
]);

/** The API documents no members. */
const sceneFileSchema = z.looseObject({
  fileName: optional(z.string()),
  name: optional(z.string()),
  sizeBytes: optional(z.number()),
});

/** A render job. Only `id` and `status` are relied upon; unknown members are kept. */
export const jobSchema = z.looseObject({
  id: z.string().min(1),
  status: openEnum(JOB_STATUSES),
  workspaceId: optional(z.string()),
  createdAt: optional(z.string()),
  updatedAt: optional(z.string()),
  userId: optional(z.string()),
  rootFolderId: optional(z.string()),
  /** Render time in seconds, corrected for GPU speed. */
  normalizedSeconds: optional(z.number()),
  previewUrl: optional(z.string()),
  failedReason: optional(failedReasonSchema),
  /** What the render was asked for, as the server echoes it. */
  requestedConfig: optionalOrText("notes", requestedConfigSchema),
  /** What it was rendered with. */
  finalConfig: optionalOrText("notes", finalConfigSchema),
  output: optional(z.looseObject({ isDeletedForClient: z.boolean().nullish() })),
  isAnalysisSkipped: optional(z.boolean()),
  analysisId: optional(z.string()),
  analysis: optional(sceneAnalysisSchema),
  sceneFile: optionalOrText("fileName", sceneFileSchema),
});
export type Job = z.infer<typeof jobSchema>;

/** Query of `GET /jobs`. */
export const listJobsQuerySchema = z.strictObject({
  /** 1-based. */
  page: z.int().positive().optional().describe("1-based"),
  /** Jobs a page; a server may give fewer. */
  pageSize: z.int().positive().optional().describe("jobs a page; a server may give fewer"),
  status: z.string().min(1).optional().describe("only jobs with this status"),
});
export type ListJobsQuery = z.infer<typeof listJobsQuerySchema>;

const paginationSchema = z.looseObject({
  page: z.number().nullish(),
  pageSize: z.number().nullish(),
  total: z.number().nullish(),
  totalPages: z.number().nullish(),
});

/** Answer of `GET /jobs`. */
export const jobPageSchema = z.looseObject({
  jobs: z.array(jobSchema),
  pagination: optional(paginationSchema),
});
export type JobPage = z.infer<typeof jobPageSchema>;
