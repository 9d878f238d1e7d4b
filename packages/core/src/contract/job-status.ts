import { foreignLine } from "../text/terminal-text.ts";
import type { Job, JobStatus, KnownJobStatus } from "./job.ts";

/** The documented order. `debugging`, `suspended` and unknown statuses have no place in it. */
const MAIN_LINE: readonly KnownJobStatus[] = [
  "created",
  "validating",
  "validated",
  "booting",
  "rendering",
  "finalizing",
  "completed",
];

const MAX_REASON_CHARACTERS = 1000;

/** Statuses that no longer change. */
export const FINAL_STATUSES = ["completed", "failed", "canceled"] as const;

/**
 * Whether the status will no longer change. Unknown statuses are not final.
 *
 * @example
 * isFinalStatus("completed"); // true
 * isFinalStatus("thawing"); // false
 */
export function isFinalStatus(status: JobStatus): boolean {
  return (FINAL_STATUSES as readonly JobStatus[]).includes(status);
}

/** Whether validation has succeeded. */
export function hasValidated(job: Job): boolean {
  return isAtOrPast(job, "validated");
}

/**
 * Whether a render has been started.
 *
 * @example
 * if (!hasStarted(job)) await client.jobs.validate(job.id);
 */
export function hasStarted(job: Job): boolean {
  return isAtOrPast(job, "booting");
}

/** Whether a render may have been started: also true for a status without a place in the documented order. */
export function mayHaveStarted(job: Job): boolean {
  return hasStarted(job) || (!isFinalStatus(job.status) && !MAIN_LINE.includes(job.status as KnownJobStatus));
}

function isAtOrPast(job: Job, status: KnownJobStatus): boolean {
  return MAIN_LINE.indexOf(job.status as KnownJobStatus) >= MAIN_LINE.indexOf(status);
}

/**
 * Why the job failed according to the server, in words. Undefined if it does not say.
 *
 * @example
 * if (job.status === "failed") console.error(describeFailure(job) ?? "no reason given");
 */
export function describeFailure({ failedReason: reason }: Job): string | undefined {
  if (typeof reason === "string") return cut(reason) || undefined;
  const [name, type] = [reason?.name, reason?.type].map((text) => cut(text ?? ""));
  if (name && type) return `${name.replace(/\.$/, "")} (${type})`;
  return name || type || undefined;
}

/** If the reason contains a whole log, its beginning must do. */
function cut(text: string): string {
  const line = foreignLine(text.slice(0, MAX_REASON_CHARACTERS));
  return text.length > MAX_REASON_CHARACTERS ? `${line}…` : line;
}

/** What the farm did differently than requested, in words. */
export function renderWarnings({ finalConfig }: Job): string[] {
  return (finalConfig?.warnings ?? []).map(foreignLine);
}
