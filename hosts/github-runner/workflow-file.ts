import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { Contexts } from "./expressions.ts";

interface Defaults {
  readonly run?: { readonly shell?: string; readonly "working-directory"?: string };
}

interface Strategy {
  readonly matrix?: unknown;
  readonly "fail-fast"?: unknown;
  readonly "max-parallel"?: unknown;
}

export interface StepFile {
  readonly id?: string;
  readonly name?: string;
  readonly if?: unknown;
  readonly uses?: string;
  readonly with?: Contexts;
  readonly run?: string;
  readonly env?: Contexts;
  readonly shell?: string;
  readonly "working-directory"?: string;
  readonly "continue-on-error"?: unknown;
}

export interface JobFile {
  readonly name?: string;
  readonly needs?: string | readonly string[];
  readonly if?: unknown;
  readonly env?: Contexts;
  readonly outputs?: Contexts;
  readonly strategy?: Strategy;
  readonly defaults?: Defaults;
  readonly steps?: readonly StepFile[];
  readonly uses?: string;
  readonly container?: unknown;
  readonly services?: unknown;
}

export interface WorkflowFile {
  readonly name?: string;
  readonly env?: Contexts;
  readonly defaults?: Defaults;
  readonly jobs: Readonly<Record<string, JobFile>>;
}

/** @param source the workflow's path, or its text */
export function readWorkflow(source: string): WorkflowFile {
  const workflow = parse(source.includes("\n") ? source : readFileSync(source, "utf8")) as WorkflowFile;
  for (const [id, job] of Object.entries(workflow.jobs))
    for (const key of ["uses", "container", "services"] as const)
      if (job[key] !== undefined) throw new Error(`The job ${id} has ${key}, which is not emulated.`);
  return workflow;
}

export function needsOf(job: JobFile): readonly string[] {
  return [job.needs ?? []].flat();
}

/** The ids of the jobs, each one after the jobs that it needs. */
export function orderJobs({ jobs }: WorkflowFile): readonly string[] {
  const ordered: string[] = [];
  const visit = (id: string, path: readonly string[]) => {
    const job = jobs[id];
    if (!job) throw new Error(`${path.at(-1)} needs the job ${id}, which does not exist.`);
    if (path.includes(id)) throw new Error(`Jobs need each other: ${[...path, id].join(" → ")}.`);
    for (const need of needsOf(job)) visit(need, [...path, id]);
    if (!ordered.includes(id)) ordered.push(id);
  };
  for (const id of Object.keys(jobs)) visit(id, []);
  return ordered;
}

/** All jobs that a job waits for, directly or indirectly. */
export function ancestorsOf(workflow: WorkflowFile, id: string): readonly string[] {
  const needs = needsOf(workflow.jobs[id] ?? {});
  return [...needs, ...needs.flatMap((need) => ancestorsOf(workflow, need))];
}

/** One context `matrix` per leg of a job; `matrix` is evaluated. */
export function expandMatrix(matrix: unknown): readonly Contexts[] {
  if (matrix === undefined) return [{}];
  const { include = [], ...axes } = matrix as { readonly include?: readonly Contexts[] };
  const product = Object.entries(axes as Readonly<Record<string, readonly unknown[]>>).reduce<Contexts[]>(
    (legs, [key, values]) => legs.flatMap((leg) => values.map((value) => ({ ...leg, [key]: value }))),
    [{}],
  );
  const legs = Object.keys(axes).length === 0 ? [] : product.map((leg) => ({ leg, more: {} }));
  const added = include.filter((item) => {
    // It extends the legs whose own values it does not change; if there are none, it is a new leg.
    const targets = legs.filter(({ leg }) =>
      Object.keys(item).every((key) => !(key in leg) || leg[key] === item[key]),
    );
    for (const target of targets) Object.assign(target.more, item);
    return targets.length === 0;
  });
  return [...legs.map(({ leg, more }) => ({ ...leg, ...more })), ...added];
}
