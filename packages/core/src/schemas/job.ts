import { z } from "zod/v4";
import { type Open, openEnum } from "./open-enum.ts";

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
export const failedReasonSchema = z.union([
  z.string(),
  z.looseObject({ name: z.string().nullish(), type: z.string().nullish() }),
]);
export type FailedReason = z.infer<typeof failedReasonSchema>;

/** A render job. Only `id` and `status` are relied upon; unknown members are kept. */
export const jobSchema = z.looseObject({
  id: z.string().min(1),
  status: openEnum(JOB_STATUSES),
  workspaceId: z.string().nullish(),
  createdAt: z.string().nullish(),
  updatedAt: z.string().nullish(),
  userId: z.string().nullish(),
  rootFolderId: z.string().nullish(),
  /** Render time in seconds, corrected for GPU speed. */
  normalizedSeconds: z.number().nullish(),
  previewUrl: z.string().nullish(),
  failedReason: failedReasonSchema.nullish(),
  requestedConfig: z.unknown().optional(),
  finalConfig: z.unknown().optional(),
  output: z.looseObject({ isDeletedForClient: z.boolean().nullish() }).nullish(),
  isAnalysisSkipped: z.boolean().nullish(),
  analysisId: z.string().nullish(),
  analysis: z.unknown().optional(),
  sceneFile: z.unknown().optional(),
});
export type Job = z.infer<typeof jobSchema>;

/** Query of `GET /jobs`. */
export const listJobsQuerySchema = z.strictObject({
  /** 1-based. */
  page: z.int().positive().optional(),
  pageSize: z.int().positive().optional(),
  status: z.string().min(1).optional(),
});
export type ListJobsQuery = z.infer<typeof listJobsQuerySchema>;

export const paginationSchema = z.looseObject({
  page: z.number().nullish(),
  pageSize: z.number().nullish(),
  total: z.number().nullish(),
  totalPages: z.number().nullish(),
});
export type Pagination = z.infer<typeof paginationSchema>;

/** Answer of `GET /jobs`. */
export const jobPageSchema = z.looseObject({
  jobs: z.array(jobSchema),
  pagination: paginationSchema.nullish(),
});
export type JobPage = z.infer<typeof jobPageSchema>;
