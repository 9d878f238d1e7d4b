import { checkOutputFolder } from "@renderjuice/core/adapter/node";
import { cancelRun } from "./cancel-run.ts";
import { checkScenes } from "./check-scenes.ts";
import { connect } from "./connect.ts";
import { describeError } from "./describe-error.ts";
import { type Inputs, readInputs } from "./inputs.ts";
import { leave } from "./leave.ts";
import { describeOutcome, isSuccess } from "./outcome.ts";
import { Outputs } from "./outputs.ts";
import { awaitScenes, leaveToThemselves, submitScenes } from "./render-scenes.ts";
import { findEarlierRenders } from "./resume.ts";
import { RunLog } from "./run-log.ts";
import { createRun, type SceneRun } from "./scene-run.ts";
import { publish, type Session } from "./session.ts";
import type { Stop } from "./stop.ts";
import { writeSummary } from "./summary.ts";
import { group, info, setFailed, warning } from "./workflow-log.ts";

/** An annotation is not the place for a list of hundreds. */
const MAX_FAILURES_SHOWN = 20;

/** The main phase of the step. */
export async function run(stop: Stop): Promise<void> {
  const inputs = readInputs();
  const { signal } = stop;
  if (inputs["timeout-minutes"]) stop.limit(inputs["timeout-minutes"]);
  if (inputs["cancel-run"]) return cancelRun(inputs, signal);
  const runs = await obtainRuns(inputs, signal);
  // After the render, it would be too late to find out.
  if (inputs.wait && inputs.download) for (const { outputDir } of runs) await checkOutputFolder(outputDir);
  const client = connect(inputs);
  const session: Session = {
    client,
    inputs,
    runs,
    outputs: new Outputs(inputs),
    log: new RunLog(runs),
    signal,
    stopped: rejectOnAbort(signal),
  };
  await findEarlierRenders(client, runs, signal);
  publish(session);
  await submitScenes(session);
  session.outputs.updateAll(runs);
  if (!signal.aborted) await (inputs.wait ? awaitScenes(session) : leaveToThemselves(session));
  if (signal.aborted) await leave(session, signal.reason);
  await report("The outputs could not be set", inputs, () => session.outputs.updateAll(runs));
  if (inputs.summary)
    await report("The job summary could not be written", inputs, () => writeSummary(runs, inputs));
  conclude(runs);
}

/** A render that was paid for must not fail because its results cannot be written down. */
async function report(failure: string, inputs: Inputs, work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    const place = inputs.wait && inputs.download ? ` The frames are in ${inputs["output-dir"]}.` : "";
    warning(`${failure}: ${describeError(error)}${place}`);
  }
}

async function obtainRuns(inputs: Inputs, signal: AbortSignal): Promise<SceneRun[]> {
  const { "job-id": jobIds, "output-dir": folder } = inputs;
  if (jobIds.length === 0) return group("Check the scenes", () => checkScenes(inputs, signal));
  return jobIds.map((jobId) =>
    createRun({
      name: `job ${jobId}`,
      jobId,
      outputDir: jobIds.length === 1 ? folder : `${folder}/${jobId}`,
    }),
  );
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  if (signal.aborted) reject(signal.reason);
  signal.addEventListener("abort", () => reject(signal.reason));
  return promise;
}

/** Logs how each scene ended, and fails the step if one did not succeed. */
function conclude(runs: readonly SceneRun[]): void {
  const describe = (run: SceneRun) => `${run.name}: ${describeOutcome(run)}`;
  for (const run of runs.filter(isSuccess)) info(describe(run));
  const failed = runs.filter((run) => !isSuccess(run));
  const [first] = failed;
  if (!first) return;
  const heading = runs.length > 1 ? [`${failed.length} of ${runs.length} scenes did not succeed.`] : [];
  const rest = failed.slice(MAX_FAILURES_SHOWN);
  const more = rest.length > 0 ? [`… and ${rest.length} more.`] : [];
  setFailed([...heading, ...failed.slice(0, MAX_FAILURES_SHOWN).map(describe), ...more].join("\n"));
}
