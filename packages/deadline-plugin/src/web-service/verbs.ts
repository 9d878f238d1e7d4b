import type { FarmJob, JobState } from "./job-state.ts";
import type { JobCommand } from "./web-service.ts";

/** What can be done to a job. */
export const VERBS = ["release", "suspend", "complete", "fail", "requeue"] as const;
export type Verb = (typeof VERBS)[number];

/** A command to send, nothing to do, or a reason why it is not possible. */
export type Plan = { readonly command: JobCommand } | "already" | { readonly refusal: string };

/** How to get from each state to the wanted one. */
const PLANS: Readonly<Record<Verb, Partial<Record<JobState, Plan>>>> = {
  release: {
    pending: { command: "releasepending" },
    suspended: { command: "resume" },
    active: "already",
    completed: "already",
    failed: { refusal: "It has failed, so there is nothing to release. farm-requeue renders it again." },
  },
  suspend: {
    active: { command: "suspend" },
    pending: { command: "suspend" },
    suspended: "already",
    completed: { refusal: "It is complete: there is nothing to suspend." },
    failed: { refusal: "It has failed: there is nothing to suspend." },
  },
  complete: {
    active: { command: "complete" },
    pending: { command: "complete" },
    suspended: { command: "complete" },
    failed: { command: "complete" },
    completed: "already",
  },
  fail: {
    active: { command: "fail" },
    pending: { command: "fail" },
    suspended: { command: "fail" },
    failed: "already",
    completed: {
      refusal: "It is complete, so it can no longer fail. farm-requeue renders it again.",
    },
  },
  requeue: {
    active: { command: "requeue" },
    suspended: { command: "requeue" },
    completed: { command: "requeue" },
    failed: { command: "requeue" },
    pending: { refusal: "It is pending and has not started. farm-release lets it start." },
  },
};

export function planVerb(verb: Verb, { state, isUntouched }: FarmJob): Plan {
  if (verb === "requeue" && state === "active" && isUntouched) return "already";
  return PLANS[verb][state] ?? { refusal: "Deadline reports a state that this version does not know." };
}

/** The states that show that a command did not work. A job may already be further along. */
const NOT_YET: Readonly<Record<Verb, readonly JobState[]>> = {
  release: ["pending", "suspended"],
  suspend: ["active", "pending"],
  complete: ["active", "pending", "suspended", "failed"],
  fail: ["active", "pending", "suspended"],
  requeue: ["completed", "failed"],
};

export function hasArrived(verb: Verb, state: JobState): boolean {
  return !NOT_YET[verb].includes(state);
}
