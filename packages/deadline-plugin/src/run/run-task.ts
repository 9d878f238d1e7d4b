import type { JobEvent } from "@renderjuice/core";
import {
  count,
  describeCancel,
  describeShortfall,
  ProgressReport,
  type Shortfall,
  tagNotes,
} from "@renderjuice/core/adapter";
import type { JobHandle, NodeClient } from "@renderjuice/core/node";
import { describeError } from "../describe-error.ts";
import type { Protocol } from "../protocol.ts";
import type { RunRequest } from "./run-request.ts";
import { describeProgress } from "./task-progress.ts";

/** Starts or continues the render of a task. */
export function submitTask(client: NodeClient, request: RunRequest): JobHandle {
  const { scene, frames, outDir, framePattern, settings, labels, requireComplete } = request;
  const { tag, recordFile, jobId } = request;
  return client.submit(scene, {
    settings: { ...settings, notes: labels.reduce<string | undefined>(tagNotes, settings.notes) },
    frames,
    requireComplete,
    once: { tag, recordFile, jobId },
    download: { outDir, framePattern },
  });
}

/** Reports to the host until the frames are there. @throws Error if some are missing */
export async function followTask(handle: JobHandle, protocol: Protocol): Promise<void> {
  const report = new ProgressReport({ isLive: false, now: () => performance.now() });
  let shown = { percent: -1, status: "" };
  for await (const event of handle) {
    tellEvent(event, protocol);
    for (const line of report.add(event)) protocol.log(line);
    const progress = describeProgress(handle.state);
    if (!progress) continue;
    if (Math.floor(progress.percent) !== Math.floor(shown.percent)) protocol.progress(progress.percent);
    if (progress.status !== shown.status) protocol.status(progress.status);
    shown = progress;
  }
  const { downloads } = await handle;
  const shortfalls = downloads ? describeShortfall(downloads) : [];
  if (shortfalls.length > 0) throw filesMissing(shortfalls);
  protocol.progress(100);
  protocol.status(`${count(downloads?.files.length ?? 0, "file")} in place`);
}

/** Cancels the render of a task and reports the outcome to the host. */
export async function cancelTask(handle: JobHandle, protocol: Protocol): Promise<void> {
  try {
    const outcome = await handle.cancel();
    if (outcome) protocol.log(describeCancel(outcome));
  } catch (error) {
    protocol.log(describeError(error));
  }
}

function tellEvent(event: JobEvent, protocol: Protocol): void {
  if (event.type === "job-created" || event.type === "job-attached") protocol.job(event.jobId);
  if (event.type === "warning") protocol.log(`Warning: ${event.message} ${event.hint ?? ""}`.trimEnd());
  if (event.type === "file-finished") protocol.output(event.file.path);
}

function filesMissing(shortfalls: readonly Shortfall[]): Error {
  return new Error(shortfalls.map(({ message, hint }) => `${message}\n${hint}`).join("\n"));
}
