import { foreignLine } from "../text/terminal-text.ts";
import type { Job, JobStatus, KnownJobStatus } from "./job.ts";

/** The documented order. `debugging`, `suspended` and statuses we do not know have no place in it. */
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

export const FINAL_STATUSES = ["completed", "failed", "canceled"] as const;

/** Whether the status will not change any more. A status that is not known is not final. */
export function isFinalStatus(status: JobStatus): boolean {
  return (FINAL_STATUSES as readonly JobStatus[]).includes(status);
}

/** Whether validation has succeeded. */
export function hasValidated(job: Job): boolean {
  return isAtOrPast(job, "validated");
}

/** Whether a render has been started. */
export function hasStarted(job: Job): boolean {
  return isAtOrPast(job, "booting");
}

/** Whether a render may have been started: a status without a place in the documented order counts. */
export function mayHaveStarted(job: Job): boolean {
  return hasStarted(job) || (!isFinalStatus(job.status) && !MAIN_LINE.includes(job.status as KnownJobStatus));
}

function isAtOrPast(job: Job, status: KnownJobStatus): boolean {
  return MAIN_LINE.indexOf(job.status as KnownJobStatus) >= MAIN_LINE.indexOf(status);
}

/** What the server says about a failure, for people; undefined when it says nothing. */
export function describeFailure({ failedReason: reason }: Job): string | undefined {
  if (typeof reason === "string") return cut(reason) || undefined;
  const [name, type] = [reason?.name, reason?.type].map((text) => cut(text ?? ""));
  if (name && type) return `${name.replace(/\.$/, "")} (${type})`;
  return name || type || undefined;
}

/** Where a log was put into the reason, its beginning has to do. */
function cut(text: string): string {
  const line = foreignLine(text.slice(0, MAX_REASON_CHARACTERS));
  return text.length > MAX_REASON_CHARACTERS ? `${line}…` : line;
}

/** What the farm did otherwise than it was asked, in words. */
export function renderWarnings({ finalConfig }: Job): string[] {
  return (finalConfig?.warnings ?? []).map(foreignLine);
}
