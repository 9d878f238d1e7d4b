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
 * A name for the render of a scene by this step of this run. It is the same in every attempt of the run. It differs in
 * other steps, and for a different scene, frames or settings.
 */
export function createResumeTag({ path, fingerprint, inputs }: TagFacts): string {
  const { GITHUB_REPOSITORY_ID, GITHUB_RUN_ID = "local", GITHUB_JOB, GITHUB_ACTION } = process.env;
  const { frames, settings } = inputs;
  const facts = [GITHUB_REPOSITORY_ID, GITHUB_JOB, GITHUB_ACTION, path, fingerprint, frames, settings];
  const hash = createHash("sha256").update(JSON.stringify(facts)).digest("hex").slice(0, 24);
  return tagPrefixOf(GITHUB_RUN_ID) + hash;
}

/** How the tags of all renders of a run start. */
export function tagPrefixOf(runId: string): string {
  return `gha-${runId}-`;
}

/** Finds the renders of earlier attempts. If a render failed or was canceled, its scene is rendered again. */
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
  if (resumed > 0)
    notice(
      `Attached to ${count(resumed, "render")} of an earlier attempt, so that nothing is paid for twice.`,
    );
  if (isComplete || resumed === runs.length) return;
  warning(
    "There are too many jobs to search all of them. Scenes that an earlier attempt started may be rendered again.",
  );
}
