import type { RenderClient } from "../client.ts";
import { type CancelOutcome, type EnsureCanceledOptions, ensureCanceled } from "./ensure-canceled.ts";

/** What became of one of several jobs that were to be canceled: either `outcome` or `error` is set. */
export interface CancelReport {
  readonly jobId: string;
  readonly outcome?: CancelOutcome | undefined;
  readonly error?: unknown;
}

/** A job that should not go on. */
export type JobToCancel = Pick<EnsureCanceledOptions, "mayStillStart"> & { readonly jobId: string };

/**
 * Cancels several jobs at the same time, each as `ensureCanceled` does. A job that cannot be canceled does not stop the
 * others.
 *
 * @example
 * ```ts
 * for (const { jobId, error } of await cancelJobs(client, [{ jobId: "j1" }, { jobId: "j2" }]))
 *   if (error) console.warn(jobId, describeError(error).text);
 * ```
 */
export async function cancelJobs(
  client: RenderClient,
  jobs: readonly JobToCancel[],
  options: Omit<EnsureCanceledOptions, "mayStillStart"> = {},
): Promise<CancelReport[]> {
  return Promise.all(
    jobs.map(({ jobId, mayStillStart }) =>
      ensureCanceled(client, jobId, { ...options, mayStillStart }).then(
        (outcome) => ({ jobId, outcome }),
        (error: unknown) => ({ jobId, error }),
      ),
    ),
  );
}
