import type { Artifact } from "./artifacts.ts";
import { type Contexts, evaluateText, evaluateValues } from "./expressions.ts";
import { type Job, type JobLeg, scopeOf, type WorkflowRun } from "./job.ts";
import { runStep, type StepReport } from "./run-step.ts";
import { createRunner } from "./runner-environment.ts";
import type { Conclusion, Values } from "./step-result.ts";

export interface JobResult {
  readonly id: string;
  readonly name: string;
  readonly matrix: Contexts;
  readonly result: Conclusion | "skipped";
  readonly outputs: Values;
  /** Outputs that GitHub withholds because they contain a secret. */
  readonly droppedOutputs: readonly string[];
  readonly steps: readonly StepReport[];
  readonly artifacts: readonly Artifact[];
  readonly workspace: string;
  readonly log: string;
  readonly summary: string;
  /** By id or name. Throws if there is none. */
  step(idOrName: string): StepReport;
}

export async function runJob(run: WorkflowRun, leg: JobLeg): Promise<JobResult> {
  const runner = createRunner({
    github: { ...run.github, job: leg.id },
    secrets: Object.values(run.secrets),
    ...(run.programs && { programs: run.programs }),
    ...(run.machineEnv && { machineEnv: run.machineEnv }),
  });
  const job: Job = { run, leg, runner, env: {}, steps: {}, posts: [], stepIds: new Set(), status: "success" };
  try {
    await run.prepareWorkspace?.(runner.workspace, leg.id);
    return await runSteps(job);
  } finally {
    runner.close();
  }
}

async function runSteps(job: Job): Promise<JobResult> {
  const { run, leg, runner } = job;
  Object.assign(job.env, evaluateValues(run.workflow.env, scopeOf(job)));
  Object.assign(job.env, evaluateValues(leg.file.env, scopeOf(job)));
  const firstArtifact = run.artifacts.list.length;
  const ends: (() => StepReport)[] = [];
  for (const step of leg.file.steps ?? []) ends.push(await runStep(job, step));
  await runPosts(job);

  const outputs = Object.entries(evaluateValues(leg.file.outputs, scopeOf(job)));
  const isSecret = ([, value]: readonly [string, string]) => runner.masks.apply(value) !== value;
  return jobResult({
    id: leg.id,
    name: nameOf(job),
    matrix: leg.matrix,
    result: job.status,
    outputs: Object.fromEntries(outputs.filter((output) => !isSecret(output))),
    droppedOutputs: outputs.filter(isSecret).map(([name]) => name),
    steps: ends.map((end) => end()),
    artifacts: run.artifacts.list.slice(firstArtifact),
    workspace: runner.workspace,
  });
}

async function runPosts(job: Job): Promise<void> {
  for (const action of job.posts.toReversed()) {
    const hasFailed = await action.runPost(job.status);
    if (hasFailed && job.status === "success") job.status = "failure";
  }
}

export function skippedJob(id: string): JobResult {
  const nothing = { matrix: {}, outputs: {}, droppedOutputs: [], steps: [], artifacts: [], workspace: "" };
  return jobResult({ ...nothing, id, name: id, result: "skipped" });
}

function jobResult(facts: Omit<JobResult, "log" | "summary" | "step">): JobResult {
  const { steps } = facts;
  return {
    ...facts,
    log: steps.map(({ name, log }) => `##[step]${name}\n${log}`).join("\n"),
    summary: steps.map(({ summary }) => summary).join(""),
    step(idOrName) {
      const step = steps.find(({ id, name }) => id === idOrName || name === idOrName);
      if (!step) throw new Error(`No step ${idOrName} among ${steps.map(({ name }) => name).join(", ")}.`);
      return step;
    },
  };
}

function nameOf(job: Job): string {
  const { leg } = job;
  if (leg.file.name !== undefined) return evaluateText(leg.file.name, scopeOf(job));
  const values = Object.values(leg.matrix).map(String);
  return values.length === 0 ? leg.id : `${leg.id} (${values.join(", ")})`;
}
