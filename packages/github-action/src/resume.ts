import { createHash } from "node:crypto";
import { isFinalStatus } from "@renderjuice/core";
import { chooseResumableJob, count, findTaggedJobs } from "@renderjuice/core/adapter";
import type { NodeClient } from "@renderjuice/core/node";
import type { Inputs } from "./inputs.ts";
import type { SceneRun } from "./scene-run.ts";
import { info, notice, warning } from "./workflow-log.ts";

interface TagFacts {
  readonly path: string;
  readonly fingerprint: string;
  readonly inputs: Inputs;
}

/**
 * A name for the render of a scene by this step of this run. The same in every attempt of the run; another one in
 * another step, and when the scene, the frames or the settings are others.
 */
export function createResumeTag({ path, fingerprint, inputs }: TagFacts): string {
  const { GITHUB_REPOSITORY_ID, GITHUB_RUN_ID = "local", GITHUB_JOB, GITHUB_ACTION } = process.env;
  const { frames, settings } = inputs;
  const facts = [GITHUB_REPOSITORY_ID, GITHUB_JOB, GITHUB_ACTION, path, fingerprint, frames, settings];
  const hash = createHash("sha256").update(JSON.stringify(facts)).digest("hex").slice(0, 24);
  return tagPrefixOf(GITHUB_RUN_ID) + hash;
}

/** What the tags of all renders of a run begin with. */
export function tagPrefixOf(runId: string): string {
  return `gha-${runId}-`;
}

/** Finds the renders of earlier attempts. One that failed or was canceled is none: it is rendered anew. */
export async function findEarlierRenders(
  client: NodeClient,
  runs: readonly SceneRun[],
  signal: AbortSignal,
): Promise<void> {
  const attempt = Number(process.env.GITHUB_RUN_ATTEMPT ?? 1);
  const tags = runs.flatMap(({ tag }) => tag ?? []);
  if (attempt <= 1 || tags.length === 0) return;
  const { jobs, isComplete } = await findTaggedJobs(client, (tag) => tags.includes(tag), { signal });
  for (const run of runs) {
    const job = chooseResumableJob(jobs.get(run.tag ?? "") ?? []);
    if (!job) continue;
    run.jobId = job.id;
    run.job = job;
    run.isResumed = true;
    run.isSettled = isFinalStatus(job.status);
    run.status = "submitted";
    info(`${run.name}: job ${job.id} of an earlier attempt is ${job.status}.`);
  }
  const resumed = runs.filter(({ isResumed }) => isResumed).length;
  if (resumed > 0) notice(`Attached to ${count(resumed, "render")} of an earlier attempt: paid for once.`);
  if (isComplete || resumed === runs.length) return;
  warning(
    "The job list is too long to be searched to its end. A render of an earlier attempt may have been missed.",
  );
}
