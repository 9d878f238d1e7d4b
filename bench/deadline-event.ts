// What the event plugin for Deadline adds to a callback besides the call of deadlinecommand, in the test harness.
import { findPython } from "../hosts/lib/pythons.ts";
import { openStudio, type Studio } from "../packages/deadline-plugin/e2e/studio.ts";
import { median, report } from "./measure.ts";

const JOBS = 30;
const AIM_MS = 20;
const NOT_OURS = { JobPlugins: "Nuke" };
const OURS = { JobPlugins: "Blender" };

const python = findPython("deadline");
if (!python) throw new Error("There is no Python to run Deadline's plugins in.");
await using studio = await openStudio({
  python,
  events: { HandOverOnSubmit: true, FallBackOnFailure: true },
});

await studio.farm.configureEvent("Renderjuice", NOT_OURS);
const others = await submitJobs(studio);
await studio.farm.configureEvent("Renderjuice", OURS);
const ours = await submitJobs(studio);
for (const jobId of ours) {
  const helper = await studio.helperOf(jobId);
  await studio.farm.finishLocally(helper?.JobId ?? "");
}

show("a job that stays, submitted", await addedMs("OnJobSubmitted", others));
show("a job that is handed over, submitted", await addedMs("OnJobSubmitted", ours));
show("a helper that finishes and completes its original", await addedMs("OnJobFinished"));

async function submitJobs({ submitBlender }: Studio): Promise<string[]> {
  const jobIds: string[] = [];
  for (let count = 0; count < JOBS; count++) jobIds.push(await submitBlender());
  return jobIds;
}

/** Milliseconds of each callback without what it waited for deadlinecommand. */
async function addedMs(event: string, jobIds?: readonly string[]): Promise<number[]> {
  const log = await studio.farm.eventLog();
  return log.flatMap((entry) =>
    entry.kind === "callback" &&
    entry.event === event &&
    (jobIds === undefined || jobIds.includes(entry.jobId ?? ""))
      ? [entry.callbackMs - entry.deadlinecommandMs]
      : [],
  );
}

function show(what: string, milliseconds: readonly number[]): void {
  if (milliseconds.length === 0) throw new Error(`No callback was measured: ${what}.`);
  const middle = median(milliseconds);
  report(what, `${middle.toFixed(1)} ms`, `< ${AIM_MS} ms`, middle < AIM_MS);
}
