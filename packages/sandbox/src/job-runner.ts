import { rm } from "node:fs/promises";
import { homedir } from "node:os";
import { fileURLToPath } from "node:url";
import { archiveOutputs } from "./archive-outputs.ts";
import type { Clock } from "./clock.ts";
import type { DataPaths } from "./data-paths.ts";
import type { FaultSet } from "./faults/fault-set.ts";
import { framesOf } from "./frame-list.ts";
import { hidePaths } from "./hide-paths.ts";
import type { JobDetails, JobRecord } from "./job-record.ts";
import type { Logger } from "./logger.ts";
import { linkScene, type PreparedScene, unpackScene } from "./prepare-scene.ts";
import { type Renderer, RenderFailure } from "./renderers/renderer.ts";
import { ACTIVE_STATUSES, isOver } from "./state-machine.ts";
import type { Statistics } from "./statistics.ts";
import type { Store } from "./store.ts";

const PACKAGE_FOLDER = fileURLToPath(new URL("..", import.meta.url)).slice(0, -1);

export interface JobRunnerOptions {
  readonly store: Store;
  readonly paths: DataPaths;
  readonly renderer: Renderer;
  readonly clock: Clock;
  readonly statistics: Statistics;
  readonly logger: Logger;
  readonly faults: FaultSet;
  /** How many jobs run at a time. */
  readonly concurrency: number;
  /** Called when a job has ended. */
  readonly onFinal: (job: JobRecord) => void;
}

/** Validates and renders jobs, a few at a time, and continues unfinished ones after a restart. */
export class JobRunner {
  readonly #options: JobRunnerOptions;
  readonly #waiting: string[] = [];
  readonly #running = new Map<string, { abort: AbortController; settled: Promise<void> }>();
  #isClosed = false;

  constructor(options: JobRunnerOptions) {
    this.#options = options;
  }

  /** Continues the jobs that an earlier process left unfinished. */
  resume(): void {
    for (const { id } of this.#options.store.listJobsIn(ACTIVE_STATUSES)) this.enqueue(id);
  }

  /** Call it after the job has been moved to `validating` or `booting`. */
  enqueue(jobId: string): void {
    this.#waiting.push(jobId);
    this.#startNext();
  }

  /** Stops the work on a job immediately. */
  cancel(jobId: string): void {
    this.#running.get(jobId)?.abort.abort(new Error("The job was canceled."));
  }

  /** Stops working. The next process continues the unfinished jobs. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const running = [...this.#running.values()];
    for (const { abort } of running) abort.abort(new Error("The sandbox is closing."));
    await Promise.all(running.map(({ settled }) => settled));
  }

  #startNext(): void {
    while (!this.#isClosed && this.#running.size < this.#options.concurrency) {
      const jobId = this.#waiting.shift();
      if (jobId === undefined) return;
      const abort = new AbortController();
      const settled = this.#work(jobId, abort.signal).finally(() => {
        this.#running.delete(jobId);
        this.#startNext();
      });
      this.#running.set(jobId, { abort, settled });
    }
  }

  async #work(jobId: string, signal: AbortSignal): Promise<void> {
    const { store, logger, onFinal } = this.#options;
    const job = store.findJob(jobId);
    if (!job || isOver(job.status)) return;
    try {
      await (job.status === "validating" ? this.#validate(job, signal) : this.#render(job, signal));
    } catch (error) {
      if (signal.aborted) return;
      const failure = asFailure(error);
      logger.warn({ jobId, type: failure.type }, failure.message);
      this.#move(jobId, "failed", { failedReason: { name: failure.message, type: failure.type } });
    }
    const after = store.findJob(jobId);
    if (after && isOver(after.status)) onFinal(after);
  }

  async #validate(job: JobRecord, signal: AbortSignal): Promise<void> {
    const { renderer, logger, paths } = this.#options;
    const scene = await this.#prepareScene(job, signal);
    const analysis = await renderer.analyze({ ...scene, workDir: paths.work(job.id), signal });
    this.#move(job.id, "validated", { analysis });
    logger.info({ jobId: job.id, renderer: renderer.name }, "validated");
  }

  async #render(job: JobRecord, signal: AbortSignal): Promise<void> {
    const { store, renderer, clock, statistics, paths, logger, faults } = this.#options;
    const { analysis, requestedConfig: config } = job.details;
    if (!analysis || !config) throw new Error("A job that was never validated cannot be rendered.");
    const startedMs = clock.now();
    statistics.rendersRunning += 1;
    try {
      store.move(job.id, "rendering");
      const scene = await this.#prepareScene(job, signal);
      const frames = this.#framesLeft(job, framesOf(config, analysis));
      const onFrame = (frame: number, files: Parameters<Store["addFiles"]>[1]) => {
        store.addFiles(job.id, files);
        logger.info({ jobId: job.id, frame, renderer: renderer.name }, "frame rendered");
        if (faults.take("render-crash") !== undefined)
          throw new RenderFailure("renderer_crashed", "Blender crashed (fault).");
      };
      const folders = { ...scene, workDir: paths.work(job.id), outputDir: paths.output(job.id) };
      const { finalConfig, warnings } =
        frames.length > 0
          ? await renderer.render({ ...folders, frames, config, analysis, signal, onFrame })
          : // All frames were done when an earlier process ended.
            { finalConfig: { ...config, ...job.details.finalConfig }, warnings: [] };
      for (const warning of warnings) logger.warn({ jobId: job.id }, warning);
      const frameRanges = config.frameRanges ?? [sceneRange(analysis)];
      this.#move(job.id, "finalizing", {
        finalConfig: { ...finalConfig, frameRanges, ...(warnings.length > 0 && { warnings }) },
        renderSeconds: (clock.now() - startedMs) / 1000,
      });
      await archiveOutputs(store.listFiles(job.id), paths, job.id);
      store.move(job.id, "completed");
    } finally {
      statistics.rendersRunning -= 1;
    }
  }

  /** What a renderer says is shown to the client. */
  #move(jobId: string, status: JobRecord["status"], details: JobDetails): void {
    const { store, paths } = this.#options;
    const shown = hidePaths(details, [paths.root, PACKAGE_FOLDER, homedir()]);
    const { analysis } = details;
    // Except for paths that the scene itself contains: its owner has to recognize them.
    const missingFiles = hidePaths(analysis?.missingFiles ?? [], [paths.root]);
    store.move(jobId, status, {
      ...shown,
      ...(shown.analysis && { analysis: { ...shown.analysis, missingFiles } }),
    });
  }

  /** A frame with recorded files is complete, since files are recorded after they are renamed. */
  #framesLeft(job: JobRecord, frames: readonly number[]): number[] {
    const done = new Set(this.#options.store.listFiles(job.id).map(({ frame }) => frame));
    return frames.filter((frame) => !done.has(frame));
  }

  async #prepareScene(job: JobRecord, signal: AbortSignal): Promise<PreparedScene> {
    const { store, paths } = this.#options;
    const upload = store.findUpload(job.slug);
    if (!upload) throw new Error(`The upload of job ${job.id} no longer exists.`);
    const path = paths.upload(upload.slug, upload.fileType);
    const folder = paths.scene(job.id);
    await rm(folder, { recursive: true, force: true });
    return upload.fileType === "blend"
      ? linkScene(path, folder, upload.fileName)
      : unpackScene({ path, fileName: upload.fileName }, folder, signal);
  }
}

function sceneRange({
  frameStart,
  frameEnd,
  frameStep,
}: {
  frameStart: number;
  frameEnd: number;
  frameStep: number;
}) {
  return `${frameStart}-${frameEnd}${frameStep > 1 ? `x${frameStep}` : ""}`;
}

function asFailure(error: unknown): RenderFailure {
  if (error instanceof RenderFailure) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new RenderFailure("renderer_crashed", `The renderer failed: ${message}`);
}
