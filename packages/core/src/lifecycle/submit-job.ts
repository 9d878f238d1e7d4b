import type { RenderClient } from "../client.ts";
import type { Source } from "../scene/source.ts";
import type { JobEvent } from "./job-event.ts";
import { JobHandle } from "./job-handle.ts";
import { type RunJobInput, type RunJobOptions, runJob } from "./run-job.ts";
import { checkSubmission, checkSubmitOptions, jobIdOf } from "./submit-options.ts";

/** Where to start instead of with a scene: a file that was uploaded before, or an existing job. */
export type EarlierRun = { readonly slug: string } | { readonly jobId: string };

/** What to render, and how far to go. */
export interface SubmitOptions extends Omit<RunJobInput, "from">, RunJobOptions {
  /**
   * Called with each event, and awaited before the run goes on: what it has written down about a `…-started` event is
   * there before the side effect is. When it throws, the run stops.
   */
  readonly onEvent?: ((event: JobEvent) => unknown) | undefined;
}

/** See `RenderClient.submit`. */
export function submitJob(
  client: RenderClient,
  from: Source | EarlierRun,
  options: SubmitOptions,
): JobHandle {
  const { frames, settings, onEvent, signal, ...runOptions } = options ?? {};
  return new JobHandle({
    client,
    jobId: jobIdOf(from),
    // What is not one is refused below, like any other option.
    signal: signal instanceof AbortSignal ? signal : undefined,
    onEvent,
    async *run(runSignal) {
      checkSubmission(from);
      checkSubmitOptions(options);
      const input = { frames, settings, from: "slug" in from || "jobId" in from ? from : { source: from } };
      return yield* runJob(client, input, { ...runOptions, signal: runSignal });
    },
  });
}
