import type { NodeClient } from "@renderjuice/core/node";
import type { Inputs } from "./inputs.ts";
import type { Outputs } from "./outputs.ts";
import type { RunLog } from "./run-log.ts";
import type { SceneRun } from "./scene-run.ts";
import { saveOpenJobs } from "./state.ts";

/** What the parts of the main phase work with. */
export interface Session {
  readonly client: NodeClient;
  readonly inputs: Inputs;
  readonly runs: readonly SceneRun[];
  readonly outputs: Outputs;
  readonly log: RunLog;
  readonly signal: AbortSignal;
  /** Rejects with the signal's reason. */
  readonly stopped: Promise<never>;
}

/** Writes down where things stand, for the post step and for later steps. What is written survives a kill. */
export function publish({ runs, outputs }: Pick<Session, "runs" | "outputs">): void {
  saveOpenJobs(
    runs.flatMap(({ jobId, isSettled, isStarting }) =>
      jobId === undefined || isSettled ? [] : [{ jobId, mayStillStart: isStarting }],
    ),
  );
  outputs.update(runs);
}
