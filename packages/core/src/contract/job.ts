import * as z from "zod/v4";
import { type Documented, optional, optionalOrText } from "./loose.ts";
import { type Open, openEnum } from "./open-enum.ts";
import {
  type FinalConfig,
  finalConfigSchema,
  type RequestedConfig,
  requestedConfigSchema,
} from "./render-config.ts";
import { type SceneAnalysis, sceneAnalysisSchema } from "./scene-analysis.ts";

/** The documented statuses. They have changed between published versions, so a job may have others. */
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
/** A documented status. */
export type KnownJobStatus = (typeof JOB_STATUSES)[number];
/** A documented status, or any other text: treat one that you do not know as not final. */
export type JobStatus = Open<KnownJobStatus>;

/**
 * The body of `POST /jobs`.
 *
 * @internal
 */
export const createJobRequestSchema = z.strictObject({ slug: z.string().min(1) });
export interface CreateJobRequest extends z.infer<typeof createJobRequestSchema> {}

/** Documented as `{ name, type }`. A string is accepted too. */
const failedReasonSchema = z.union([
  z.string(),
  z.looseObject({ name: z.string().nullish(), type: z.string().nullish() }),
]);

/** The members are not documented. */
const sceneFileSchema = z.looseObject({
  fileName: optional(z.string()),
  name: optional(z.string()),
  sizeBytes: optional(z.number()),
});

/** Reads a `Job`. */
export const jobSchema = z.looseObject({
  id: z.string().min(1),
  status: openEnum(JOB_STATUSES),
  workspaceId: optional(z.string()),
  createdAt: optional(z.string()),
  updatedAt: optional(z.string()),
  userId: optional(z.string()),
  rootFolderId: optional(z.string()),
  /** Render time in seconds, normalized for GPU speed. */
  normalizedSeconds: optional(z.number()),
  previewUrl: optional(z.string()),
  failedReason: optional(failedReasonSchema),
  requestedConfig: optionalOrText("notes", requestedConfigSchema),
  finalConfig: optionalOrText("notes", finalConfigSchema),
  output: optional(z.looseObject({ isDeletedForClient: z.boolean().nullish() })),
  isAnalysisSkipped: optional(z.boolean()),
  analysisId: optional(z.string()),
  analysis: optional(sceneAnalysisSchema),
  sceneFile: optionalOrText("fileName", sceneFileSchema),
});
/** A render job. Only `id` and `status` are required; unknown members are kept. */
export interface Job extends Documented<z.infer<typeof jobSchema>> {
  /** What validation found in the scene. */
  analysis?: SceneAnalysis | null | undefined;
  /** The requested settings, as returned by the server. */
  requestedConfig?: RequestedConfig | null | undefined;
  /** The settings that were used. */
  finalConfig?: FinalConfig | null | undefined;
}

export const listJobsQuerySchema = z.strictObject({
  /** The first page is 1. */
  page: z.int().positive().optional().describe("1-based"),
  /** Jobs per page; the server may return fewer. */
  pageSize: z.int().positive().optional().describe("jobs per page; the server may return fewer"),
  status: openEnum(JOB_STATUSES, z.string().min(1)).optional().describe("only jobs with this status"),
});
/** The query of `GET /jobs`. */
export interface ListJobsQuery extends z.infer<typeof listJobsQuerySchema> {}

const paginationSchema = z.looseObject({
  page: z.number().nullish(),
  pageSize: z.number().nullish(),
  total: z.number().nullish(),
  totalPages: z.number().nullish(),
});

export const jobPageSchema = z.looseObject({
  jobs: z.array(jobSchema),
  pagination: optional(paginationSchema),
});
/** The response to `GET /jobs`. */
export interface JobPage extends Omit<Documented<z.infer<typeof jobPageSchema>>, "jobs"> {
  jobs: Job[];
}
