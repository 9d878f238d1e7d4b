import type { IDataObject, IExecuteFunctions } from "n8n-workflow";
import { expect, test } from "vitest";
import { SubmittedJobs } from "../nodes/Renderjuice/shared/submitted-jobs.ts";

const JOB = {
  jobId: "a",
  executionId: "1",
  plan: { scene: "s", frames: "", "render settings": "{}", "base URL": "https://api.example" },
};

/** What n8n gives a node: its memory in this execution, and the number of this run. */
function contextOf(memory: IDataObject, runIndex: number) {
  const context = { getContext: () => memory, getWorkflowDataProxy: () => ({ $thisRunIndex: runIndex }) };
  return context as unknown as IExecuteFunctions;
}

test("a later try finds the jobs of an earlier one; another run in a loop does not", () => {
  const memory: IDataObject = {};
  new SubmittedJobs(contextOf(memory, 0)).set(2, JOB);
  expect(new SubmittedJobs(contextOf(memory, 0)).get(2)).toEqual(JOB);
  expect(new SubmittedJobs(contextOf(memory, 0)).get(1)).toBeUndefined();
  expect(new SubmittedJobs(contextOf(memory, 1)).get(2)).toBeUndefined();
});

test("a run that has succeeded forgets only its own jobs", () => {
  const memory: IDataObject = {};
  for (const run of [0, 1]) new SubmittedJobs(contextOf(memory, run)).set(0, JOB);
  new SubmittedJobs(contextOf(memory, 1)).clear();
  expect(new SubmittedJobs(contextOf(memory, 0)).get(0)).toEqual(JOB);
  expect(new SubmittedJobs(contextOf(memory, 1)).get(0)).toBeUndefined();
});
