import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { setOutput } from "@actions/core";
import { compactFrames } from "@renderjuice/core/adapter";
import { describeError } from "./describe-error.ts";
import type { Inputs } from "./inputs.ts";
import type { RunStatus, SceneRun } from "./scene-run.ts";
import { notice, warning } from "./workflow-log.ts";

/** Programs do not start with a variable of 128 KiB, including its name, on Linux, or of 32,767 characters on Windows. */
const MAX_BYTES = process.platform === "win32" ? 32_000 : 120_000;

/** The status of several scenes is the first of these that one of them has. */
const BY_WEIGHT: readonly RunStatus[] = [
  "failed",
  "canceled",
  "timed-out",
  "detached",
  "submitted",
  "completed",
];

/** Sets the outputs as soon as they are known, so that they are there even if the process is killed. */
export class Outputs {
  readonly #folder: string;
  readonly #last = new Map<string, string>();
  #listFile: string | undefined;

  constructor({ "output-dir": folder }: Inputs) {
    this.#folder = folder;
  }

  update(runs: readonly SceneRun[]): void {
    this.#set("output-dir", this.#folder);
    this.#set("job-id", runs.flatMap(({ jobId }) => jobId ?? []).join("\n"));
    this.#set("status", overallStatus(runs));
    this.#set("resumed", String(runs.some(({ isResumed }) => isResumed)));
  }

  /** Includes what grows with scenes and frames. Call it rarely: every update is kept until the end of the step. */
  updateAll(runs: readonly SceneRun[]): void {
    this.update(runs);
    const files = runs.flatMap(({ downloads }) => downloads?.files ?? []).map(({ path }) => toRelative(path));
    const jobs = runs.map(describeRun);
    const missing = describeAllMissing(runs);
    this.#set("jobs", JSON.stringify(jobs));
    this.#set("frames-rendered", String(runs.reduce((sum, run) => sum + (run.renderedFrames ?? 0), 0)));
    this.#set("missing-frames", missing);
    this.#set("files", JSON.stringify(files));
    this.#set(
      "render-seconds",
      String(runs.reduce((sum, { job }) => sum + (job?.normalizedSeconds ?? 0), 0)),
    );
    this.#set("list-file", this.#writeList({ files, jobs, missingFrames: missing }));
  }

  /** Not in the checkout, where it could be uploaded or committed by mistake. */
  #writeList(content: object): string | undefined {
    try {
      return this.#write(JSON.stringify(content));
    } catch (error) {
      warning(`The list-file could not be written: ${describeError(error)}`);
      return undefined;
    }
  }

  #write(text: string): string {
    this.#listFile ??= join(
      mkdtempSync(join(process.env.RUNNER_TEMP || tmpdir(), "renderjuice-")),
      "list.json",
    );
    writeFileSync(this.#listFile, text);
    return this.#listFile;
  }

  #set(name: string, value: string | undefined): void {
    if (value === undefined || this.#last.get(name) === value) return;
    this.#last.set(name, value);
    const isLong = Buffer.byteLength(value) > MAX_BYTES;
    setOutput(name, isLong ? "" : value);
    if (isLong) notice(`The output ${name} is too long for a variable. It was left empty; list-file has it.`);
  }
}

function overallStatus(runs: readonly SceneRun[]): RunStatus | undefined {
  return BY_WEIGHT.find((status) => runs.some((run) => run.status === status));
}

/** `3,7-9`, for example; empty if nothing is missing. */
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
