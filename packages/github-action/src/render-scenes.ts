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

/** More uploads at a time share one line and make none of them faster. */
const UPLOADS_AT_A_TIME = 3;

/** Takes every scene to a render that has started. A scene that fails does not keep the others from it. */
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

/** Lets the renders that have started go on by themselves. */
export function leaveToThemselves(session: Session): void {
  for (const run of session.runs.filter(({ status }) => status === "submitted")) {
    run.isSettled = true;
    if (run.job?.status === "completed") run.status = "completed";
  }
  publish(session);
}

/** Stays until every render is over, and fetches its frames. */
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
  // Also when it was started before.
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

/** Progress says how many frames were begun with; what counts is what can be downloaded. */
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
    // What becomes of a scene that is stopped is decided for all at once.
    if (session.signal.aborted) return;
    run.error = error;
    run.status = JobCanceledError.isInstance(error) ? "canceled" : "failed";
    run.isSettled ||= [JobCanceledError, JobFailedError].some((type) => type.isInstance(error));
    if (SceneIncompleteError.isInstance(error)) run.missingFiles = error.missingFiles;
    publish(session);
  }
}

/** What the runner stops ends here at once; what becomes of the job is up to its handle then. */
async function untilStopped({ stopped }: Session, handle: JobHandle): Promise<Job> {
  const { job } = await Promise.race([handle, stopped]);
  return job;
}

/** Written down before the run goes on: before "start render" is sent, the post step knows of the job. */
function follow(session: Session, run: SceneRun, event: JobEvent): void {
  if (run.handle) takeOver(run, run.handle.state);
  if (!event.type.endsWith("-progressed")) publish(session);
  session.log.add(run, event);
}

function takeOver(run: SceneRun, state: JobState): void {
  run.jobId = state.jobId;
  run.isStarting = state.phase === "starting";
  // Of a step that was stopped meanwhile, the handle says what has become of it.
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
