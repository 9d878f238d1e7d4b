import type { JobEvent, JobResult } from "@renderjuice/core";

/** Takes all steps of a run, and returns its result. */
export async function drain(
  steps: AsyncGenerator<JobEvent, JobResult>,
  onEvent: (event: JobEvent) => void = () => {},
): Promise<JobResult> {
  for (;;) {
    const next = await steps.next();
    if (next.done) return next.value;
    onEvent(next.value);
  }
}
