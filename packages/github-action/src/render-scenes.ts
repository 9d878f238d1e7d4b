import {
  type Job,
  JobCanceledError,
  type JobEvent,
  JobFailedError,
  type JobState,
  SceneIncompleteError,
} from "@renderjuice/core";
import {
  count,
  expectedFrames,
  findMissing,
  type MissingOutputs,
  tagNotes,
  waitForOutputs,
} from "@renderjuice/core/adapter";
import type { JobHandle } from "@renderjuice/core/node";
import pLimit from "p-limit";
import { drawContactSheet } from "./contact-sheet.ts";
import type { SceneRun } from "./scene-run.ts";
import { publish, type Session } from "./session.ts";
import { group, info } from "./workflow-log.ts";

/** More uploads at a time would share one connection and not be faster. */
const UPLOADS_AT_A_TIME = 3;

/** Starts the render of every scene. If a scene fails, the others still start. */
export async function submitScenes(session: Session): Promise<void> {
  const limit = pLimit(UPLOADS_AT_A_TIME);
  const waiting = session.runs.filter(({ isResumed }) => !isResumed);
  if (waiting.length === 0) return;
  const isNew = waiting.every(({ path }) => path !== undefined);
  const title = isNew
    ? `Submit ${count(waiting.length, "scene")}`
    : `Attach to ${count(waiting.length, "job")}`;
  await group(title, () =>
    Promise.all(waiting.map((run) => limit(() => attempt(session, run, () => submit(session, run))))),
  );
}

/** Leaves the started renders running. */
export function leaveToThemselves(session: Session): void {
  for (const run of session.runs.filter(({ status }) => status === "submitted")) {
    run.isSettled = true;
    if (run.job?.status === "completed") run.status = "completed";
  }
  publish(session);
}

/** Waits until every render has ended, and downloads its frames. */
export async function awaitScenes(session: Session): Promise<void> {
  const open = session.runs.filter(({ jobId, error }) => jobId !== undefined && error === undefined);
  await Promise.all(open.map((run) => attempt(session, run, () => finish(session, run))));
}

async function submit(session: Session, run: SceneRun): Promise<void> {
  const { client, inputs, signal } = session;
  signal.throwIfAborted();
  const { frames, settings } = inputs;
  run.handle = client.submit(run.source ?? { jobId: run.jobId ?? "" }, {
    frames,
    settings: run.tag === undefined ? settings : { ...settings, notes: tagNotes(settings.notes, run.tag) },
    until: "started",
    requireComplete: inputs["require-complete"],
    onEvent: (event) => follow(session, run, event),
  });
  run.job = await untilStopped(session, run.handle);
  if (run.path === undefined) info(`Job ${run.job.id} is ${run.job.status}.`);
  // Even if it was started before.
  run.status = "submitted";
  publish(session);
}

async function finish(session: Session, run: SceneRun): Promise<void> {
  const { client, inputs } = session;
  const { frames, download } = inputs;
  run.handle = client.submit(
    { jobId: run.jobId ?? "" },
    {
      frames,
      until: download ? "downloaded" : "finished",
      download: download ? { outDir: run.outputDir } : undefined,
      onEvent: (event) => follow(session, run, event),
    },
  );
  run.job = await untilStopped(session, run.handle);
  if (!download) await countOnFarm(session, run, run.job);
  run.status = "completed";
  await drawContactSheet(run);
  publish(session);
}

/** The progress counts frames that were started; what matters is what can be downloaded. */
async function countOnFarm({ client, inputs, signal }: Session, run: SceneRun, job: Job): Promise<void> {
  const expected = expectedFrames(job, inputs.frames);
  const { outputs } = await waitForOutputs({ client, job, expectedFrames: expected, signal });
  countFrames(run, outputs, findMissing(outputs, expected));
}

function countFrames(
  run: SceneRun,
  files: readonly { readonly frame?: number | undefined }[],
  missing: MissingOutputs,
): void {
  run.renderedFrames = new Set(files.flatMap(({ frame }) => frame ?? [])).size;
  run.missingFrames = missing.missingFrames;
  run.missingParts = missing.missingParts;
}

async function attempt(session: Session, run: SceneRun, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    // If the step is stopped, `leave` handles all scenes.
    if (session.signal.aborted) return;
    run.error = error;
    run.status = JobCanceledError.isInstance(error) ? "canceled" : "failed";
    run.isSettled ||= [JobCanceledError, JobFailedError].some((type) => type.isInstance(error));
    if (SceneIncompleteError.isInstance(error)) run.missingFiles = error.missingFiles;
    publish(session);
  }
}

/** Rejects as soon as the step is stopped. What happens to the job is up to its handle. */
async function untilStopped({ stopped }: Session, handle: JobHandle): Promise<Job> {
  const { job } = await Promise.race([handle, stopped]);
  return job;
}

/** Events are awaited: before "start render" is sent, the post step knows about the job. */
function follow(session: Session, run: SceneRun, event: JobEvent): void {
  if (run.handle) takeOver(run, run.handle.state);
  if (!event.type.endsWith("-progressed")) publish(session);
  session.log.add(run, event);
}

function takeOver(run: SceneRun, state: JobState): void {
  run.jobId = state.jobId;
  run.isStarting = state.phase === "starting";
  // Otherwise `leave` has set the status.
  if (state.phase === "rendering" && run.error === undefined) run.status = "submitted";
  if (state.missingFiles.length > 0) run.missingFiles = state.missingFiles;
  run.renderedFrames = state.completedFrames ?? run.renderedFrames;
  if (state.job) {
    run.job = state.job;
    run.isSettled = true;
  }
  if (state.downloads && !run.downloads) {
    run.downloads = state.downloads;
    countFrames(run, state.downloads.files, state.downloads);
  }
}
