import type { RenderClient } from "../client.ts";
import { TaskHandle } from "../runtime/task-handle.ts";
import { type CancelOutcome, ensureCanceled } from "./ensure-canceled.ts";
import { foldEvent, initialState, type JobEvent, type JobState } from "./job-event.ts";
import type { JobResult } from "./run-job.ts";

export interface JobTask {
  readonly client: RenderClient;
  /** The id of a job that already exists. */
  readonly jobId?: string | undefined;
  readonly run: (signal: AbortSignal) => AsyncGenerator<JobEvent, JobResult>;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: JobEvent) => unknown) | undefined;
}

/**
 * A running submission, as returned by `client.submit`. Await it for the result, iterate it for the events.
 *
 * @example
 * const handle = client.submit("shot.blend");
 * for await (const event of handle) console.log(event.type, handle.state.phase);
 * const { job, downloads } = await handle;
 */
export class JobHandle extends TaskHandle<JobEvent, JobResult> {
  override readonly [Symbol.toStringTag] = "JobHandle";
  readonly #client: RenderClient;
  readonly #stop: AbortController;
  #state: JobState;
  #start: PromiseWithResolvers<void> | undefined;

  constructor({ client, jobId, run, signal, onEvent }: JobTask) {
    const stop = new AbortController();
    const runSignal = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
    super({
      run: () => run(runSignal),
      signal: runSignal,
      onEvent,
      isPassing: ({ type }) => type.endsWith("-progressed"),
    });
    this.#client = client;
    this.#stop = stop;
    this.#state = initialState(jobId);
  }

  /** The current state; changes with every event. */
  get state(): JobState {
    return this.#state;
  }

  /** Set as soon as the job exists. */
  get jobId(): string | undefined {
    return this.#state.jobId;
  }

  /**
   * Stops following the job. The remote job keeps running.
   *
   * @example
   * handle.detach();
   * await client.submit({ jobId }); // later, or elsewhere
   */
  detach(reason: unknown = new DOMException("Detached.", "AbortError")): void {
    this.catch(() => undefined);
    this.#stop.abort(reason);
  }

  /**
   * Cancels the remote job, if there is one, and stops. A "start render" request that has been sent is not aborted: its
   * response tells whether there is something to cancel. Call it instead of `detach`, not after it.
   *
   * @param options.deadlineMs by default 90 seconds
   * @returns undefined if no job has been created
   * @throws TimeoutError if the job was not seen to end in time
   * @example
   * const outcome = await handle.cancel();
   * console.log(outcome?.job.status, outcome?.isCertain);
   */
  async cancel(
    options: { readonly deadlineMs?: number | undefined } = {},
  ): Promise<CancelOutcome | undefined> {
    const ended = this.catch((error) => this.#start?.reject(error));
    const abort = () => this.#stop.abort(new DOMException("Canceled.", "AbortError"));
    if (!this.#start) {
      abort();
      await ended;
    }
    if (this.jobId === undefined) return undefined;
    try {
      return await ensureCanceled(this.#client, this.jobId, {
        ...options,
        mayStillStart: this.#start?.promise ?? this.#state.isAttached,
      });
    } finally {
      abort();
      await ended;
    }
  }

  protected override note(event: JobEvent): void {
    this.#state = foldEvent(this.#state, event);
    if (event.type === "render-accepted") this.#start?.resolve();
  }

  protected override goOn(event: JobEvent): void {
    if (event.type !== "render-started") return;
    this.#start = Promise.withResolvers();
    // Reported to whoever cancels; if nobody does, this failure becomes the run's.
    this.#start.promise.catch(() => undefined);
  }
}
