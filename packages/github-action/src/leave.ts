import { describeCancel } from "@renderjuice/core/adapter";
import { describeError } from "./describe-error.ts";
import type { SceneRun } from "./scene-run.ts";
import { publish, type Session } from "./session.ts";
import type { Stopped } from "./stop.ts";
import { warning } from "./workflow-log.ts";

/** The runner sends its next signal 7.5 s after the first, and the summary has to be written as well. */
const CANCEL_DEADLINE_MS = { canceled: 5000, "timed-out": 30_000 };

/** Cancels or detaches unfinished renders, as the inputs say. If that cannot be confirmed in time, the post step does it. */
export async function leave(session: Session, stopped: Stopped): Promise<void> {
  const unfinished = session.runs.filter(
    ({ status, error }) => status !== "completed" && error === undefined,
  );
  for (const run of unfinished) {
    run.error = stopped;
    run.status = stopped.reason;
  }
  const policy = session.inputs[stopped.reason === "timed-out" ? "on-timeout" : "on-cancel"];
  const open = session.runs.filter(({ handle, isSettled }) => handle !== undefined && !isSettled);
  if (policy === "detach") for (const run of open) detach(run);
  else await Promise.all(open.map((run) => cancel(run, CANCEL_DEADLINE_MS[stopped.reason])));
  publish(session);
}

function detach(run: SceneRun): void {
  run.handle?.detach();
  if (run.jobId !== undefined) run.status = "detached";
  run.isSettled = true;
}

async function cancel(run: SceneRun, deadlineMs: number): Promise<void> {
  try {
    const outcome = await run.handle?.cancel({ deadlineMs });
    if (!outcome) return;
    run.job = outcome.job;
    run.isSettled = outcome.isCertain;
    if (!outcome.isCertain)
      warning(`${describeCancel(outcome)} The post step does both.`, { title: run.name });
  } catch (error) {
    warning(`${describeError(error)} The post step tries again.`, { title: run.name });
  }
}
