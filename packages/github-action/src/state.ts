import { getState, saveState } from "@actions/core";

/** A job that may still be rendering, which the post step has to cancel. Contains no secrets. */
export interface OpenJob {
  readonly jobId: string;
  /** A "start render" request was sent, and its response is unknown. */
  readonly mayStillStart: boolean;
}

/** Main and post are the same file: post finds this mark. Call it first in main. */
export function markMain(): void {
  saveState("has-run-main", "true");
}

export function isPost(): boolean {
  return getState("has-run-main") === "true";
}

let saved = "";

/** The runner reads what was written last, even if the process was killed. */
export function saveOpenJobs(jobs: readonly OpenJob[]): void {
  const text = JSON.stringify(jobs);
  if (text === saved) return;
  saved = text;
  saveState("open-jobs", text);
}

export function readOpenJobs(): OpenJob[] {
  return JSON.parse(getState("open-jobs") || "[]");
}
