import { relative, sep } from "node:path";
import { setOutput } from "@actions/core";
import { compactFrames } from "@renderjuice/core";
import { describeError } from "./describe-error.ts";
import type { Inputs } from "./inputs.ts";
import type { RunStatus, SceneRun } from "./scene-run.ts";

/** Of several scenes, the first of these that holds for one of them is the status of all. */
const BY_WEIGHT: readonly RunStatus[] = [
  "failed",
  "canceled",
  "timed-out",
  "detached",
  "submitted",
  "completed",
];

/** Sets the outputs as soon as they are known: what was set before a kill counts. */
export class Outputs {
  readonly #folder: string;
  readonly #last = new Map<string, string>();

  constructor({ "output-dir": folder }: Inputs) {
    this.#folder = folder;
  }

  update(runs: readonly SceneRun[]): void {
    this.#set("output-dir", this.#folder);
    this.#set("job-id", runs.flatMap(({ jobId }) => jobId ?? []).join("\n"));
    this.#set("status", overallStatus(runs));
    this.#set("resumed", String(runs.some(({ isResumed }) => isResumed)));
  }

  /** Also what grows with the scenes and the frames: every update of an output is kept until the step is over. */
  updateAll(runs: readonly SceneRun[]): void {
    this.update(runs);
    this.#set("jobs", JSON.stringify(runs.map(describeRun)));
    this.#set("frames-rendered", String(runs.reduce((sum, run) => sum + (run.renderedFrames ?? 0), 0)));
    this.#set("missing-frames", describeAllMissing(runs));
    this.#set(
      "files",
      JSON.stringify(
        runs.flatMap(({ downloads }) => downloads?.files ?? []).map(({ path }) => toRelative(path)),
      ),
    );
    this.#set(
      "render-seconds",
      String(runs.reduce((sum, { job }) => sum + (job?.normalizedSeconds ?? 0), 0)),
    );
  }

  #set(name: string, value: string | undefined): void {
    if (value === undefined || this.#last.get(name) === value) return;
    this.#last.set(name, value);
    setOutput(name, value);
  }
}

function overallStatus(runs: readonly SceneRun[]): RunStatus | undefined {
  return BY_WEIGHT.find((status) => runs.some((run) => run.status === status));
}

/** Such as `3,7-9`; empty when none is missing. */
export function describeMissing({ missingFrames }: SceneRun): string {
  return compactFrames(missingFrames);
}

function describeAllMissing(runs: readonly SceneRun[]): string {
  const [first, ...others] = runs;
  if (first && others.length === 0) return describeMissing(first);
  return runs
    .filter((run) => describeMissing(run) !== "")
    .map((run) => `${run.name}: ${describeMissing(run)}`)
    .join("\n");
}

function describeRun(run: SceneRun) {
  return {
    file: run.path,
    jobId: run.jobId,
    status: run.status,
    framesRendered: run.renderedFrames,
    missingFrames: describeMissing(run),
    outputDir: run.outputDir,
    resumed: run.isResumed,
    renderSeconds: run.job?.normalizedSeconds ?? undefined,
    missingFiles: run.missingFiles.length > 0 ? run.missingFiles : undefined,
    error: run.error === undefined ? undefined : describeError(run.error),
  };
}

function toRelative(path: string): string {
  return relative(process.cwd(), path).split(sep).join("/");
}
