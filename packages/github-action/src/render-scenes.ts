import {
  type Job,
  JobCanceledError,
  type JobEvent,
  JobFailedError,
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
import type { JobHandle, SubmitInput } from "@renderjuice/core/node";
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
  const { frames, settings, "main-scene": mainScene } = inputs;
  const input: SubmitInput = {
    mainScene: mainScene || undefined,
    frames,
    settings: run.tag === undefined ? settings : { ...settings, notes: tagNotes(settings.notes, run.tag) },
    ...(run.path === undefined && run.jobId !== undefined && { resume: { jobId: run.jobId } }),
  };
  const handle = client.submit(run.path ?? [], input, {
    until: "started",
    requireComplete: inputs["require-complete"],
    // Asked before "start render" is sent, and waited for: from here on there is something to pay for.
    decide: ({ job }) => {
      run.jobId = job.id;
      run.isStarting = true;
      publish(session);
      return { action: "render" };
    },
  });
  run.job = await follow(session, run, handle);
  if (run.path === undefined) info(`Job ${run.job.id} is ${run.job.status}.`);
  // Also when it was started before.
  run.status = "submitted";
  publish(session);
}

async function finish(session: Session, run: SceneRun): Promise<void> {
  const { client, inputs } = session;
  const { frames, download } = inputs;
  const input: SubmitInput = { frames, resume: { jobId: run.jobId ?? "" } };
  const handle = client.submit([], input, {
    until: download ? "downloaded" : "finished",
    ...(download && { download: { outDir: run.outputDir } }),
  });
  run.job = await follow(session, run, handle);
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
async function follow(session: Session, run: SceneRun, handle: JobHandle) {
  run.handle = handle;
  const listen = async () => {
    for await (const event of handle) {
      if (applyEvent(run, event)) publish(session);
      session.log.add(run, event);
    }
    return (await handle.result).job;
  };
  return Promise.race([listen(), session.stopped]);
}

/** @returns whether others have to know */
function applyEvent(run: SceneRun, event: JobEvent): boolean {
  switch (event.type) {
    case "job-created":
      run.jobId = event.jobId;
      return true;
    case "render-accepted":
      run.isStarting = false;
      // Of a step that was stopped meanwhile, the handle says what has become of it.
      if (run.error === undefined) run.status = "submitted";
      return true;
    case "warning":
      run.missingFiles = event.missingFiles ?? run.missingFiles;
      return false;
    case "job-finished":
      run.job = event.job;
      run.isSettled = true;
      return true;
    case "render-progressed":
      run.renderedFrames = event.completedFrames ?? run.renderedFrames;
      return false;
    case "download-finished":
      run.downloads = event.summary;
      countFrames(run, event.summary.files, event.summary);
      return false;
    default:
      return false;
  }
}
