import * as z from "zod/v4";

/** What the sandbox sends. The API documents no members, so answers of any shape are read by `parseProgress`. */
export const progressSchema = z.array(
  z.looseObject({
    jobId: z.string(),
    totalFrames: z.number(),
    completedFrames: z.number(),
    failedFrames: z.number(),
  }),
);

/**
 * The frame counters of a job. The API documents no fields, so reading them is best effort, and `raw` is kept. They never
 * mean that a job has ended: only its status does.
 */
export interface JobProgress {
  readonly jobId?: string | undefined;
  readonly totalFrames?: number | undefined;
  readonly completedFrames?: number | undefined;
  readonly failedFrames?: number | undefined;
  readonly raw: unknown;
}

const JOB_ID_KEYS = ["jobId", "job_id", "id"];
const TOTAL_KEYS = ["totalFrames", "frameCount", "total", "frames"];
const COMPLETED_KEYS = ["completedFrames", "finishedFrames", "renderedFrames", "framesRendered", "completed"];
const FAILED_KEYS = ["failedFrames", "framesFailed", "failed"];
const WRAPPER_KEYS = ["data", "progress", "jobs", "items"];

/** Reads the response to `GET /jobs/progress` or `GET /jobs/{id}/progress`: a list, one entry, a map by job id, or any of these wrapped. */
export function parseProgress(body: unknown): JobProgress[] {
  if (Array.isArray(body)) return body.flatMap((entry) => (isRecord(entry) ? [readEntry(entry)] : []));
  if (!isRecord(body)) return [];
  for (const key of WRAPPER_KEYS) {
    if (typeof body[key] === "object" && body[key] !== null) return parseProgress(body[key]);
  }
  if (hasCounter(body)) return [readEntry(body)];
  return Object.entries(body).flatMap(([jobId, entry]) =>
    isRecord(entry) && hasCounter(entry) ? [{ jobId, ...readEntry(entry) }] : [],
  );
}

function hasCounter(entry: Record<string, unknown>): boolean {
  return [...TOTAL_KEYS, ...COMPLETED_KEYS].some((key) => readCount(entry[key]) !== undefined);
}

function readEntry(entry: Record<string, unknown>): JobProgress {
  const jobId = JOB_ID_KEYS.map((key) => entry[key]).find((value) => typeof value === "string");
  const totalFrames = firstCount(entry, TOTAL_KEYS);
  const completedFrames = firstCount(entry, COMPLETED_KEYS);
  const failedFrames = firstCount(entry, FAILED_KEYS);
  return {
    jobId,
    totalFrames,
    completedFrames,
    failedFrames,
    raw: entry,
  };
}

function firstCount(entry: Record<string, unknown>, keys: readonly string[]): number | undefined {
  return keys.map((key) => readCount(entry[key])).find((count) => count !== undefined);
}

function readCount(value: unknown): number | undefined {
  const count = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof count === "number" && Number.isFinite(count) && count >= 0 ? count : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
