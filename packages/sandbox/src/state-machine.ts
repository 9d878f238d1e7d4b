import type { KnownJobStatus } from "@renderjuice/core/adapter";

/** The allowed next states of a job. Written from the documentation, since it is used to test core's own table. */
const TRANSITIONS: Partial<Record<KnownJobStatus, readonly KnownJobStatus[]>> = {
  created: ["validating", "canceled"],
  validating: ["validated", "failed", "canceled"],
  validated: ["booting", "canceled"],
  booting: ["rendering", "failed", "canceled"],
  rendering: ["finalizing", "failed", "canceled"],
  finalizing: ["completed", "failed", "canceled"],
  completed: [],
  failed: [],
  canceled: [],
};

/** A job in one of these states was running when the sandbox ended. */
export const ACTIVE_STATUSES: readonly KnownJobStatus[] = [
  "validating",
  "booting",
  "rendering",
  "finalizing",
];
export const RENDER_STATUSES: readonly KnownJobStatus[] = ["booting", "rendering", "finalizing"];

export function canGo(from: KnownJobStatus, to: KnownJobStatus): boolean {
  return TRANSITIONS[from]?.includes(to) ?? false;
}

export function isOver(status: KnownJobStatus): boolean {
  return TRANSITIONS[status]?.length === 0;
}
