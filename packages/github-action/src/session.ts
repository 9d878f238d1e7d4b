import type { NodeClient } from "@renderjuice/core/node";
import type { Inputs } from "./inputs.ts";
import type { Outputs } from "./outputs.ts";
import type { RunLog } from "./run-log.ts";
import type { SceneRun } from "./scene-run.ts";
import { saveOpenJobs } from "./state.ts";

/** What all parts of the main phase use. */
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

/** Writes the current state, for the post step and for later steps. It survives if the process is killed. */
export function publish({ runs, outputs }: Pick<Session, "runs" | "outputs">): void {
  saveOpenJobs(
    runs.flatMap(({ jobId, isSettled, isStarting }) =>
      jobId === undefined || isSettled ? [] : [{ jobId, mayStillStart: isStarting }],
    ),
  );
  outputs.update(runs);
}
