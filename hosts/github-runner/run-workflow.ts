import { type Artifact, createArtifacts } from "./artifacts.ts";
import { type Actions, builtInActions } from "./built-in-actions.ts";
import { type Contexts, evaluateCondition, evaluateDeep, type Scope } from "./expressions.ts";
import type { WorkflowRun } from "./job.ts";
import { type JobResult, runJob, skippedJob } from "./run-job.ts";
import { githubContext } from "./runner-environment.ts";
import type { Conclusion, Values } from "./step-result.ts";
import { ancestorsOf, expandMatrix, needsOf, orderJobs, readWorkflow } from "./workflow-file.ts";

export interface WorkflowOptions {
  /** Its path or its text. */
  readonly workflow: string;
  /** The folder of the action under test. */
  readonly actionFolder: string;
  /** Its path in the repository, which workflows refer to, such as `packages/github-action`. */
  readonly actionPath: string;
  /** In addition to GITHUB_TOKEN. */
  readonly secrets?: Values;
  readonly vars?: Values;
  readonly inputs?: Contexts;
  /** Override members of the context `github`: `event_name`, `event`, `ref`, … */
  readonly github?: Contexts;
  /** Fills the workspace of a job before its first step. */
  readonly prepareWorkspace?: (folder: string, jobId: string) => void | Promise<void>;
  /** Actions in addition to the built-in ones, or instead of them. */
  readonly actions?: Actions;
  /** Folders with programs that come before PATH. */
  readonly programs?: readonly string[];
  /** The environment of the machines. The workflow's `env` overrides it. */
  readonly machineEnv?: Values;
}

export interface WorkflowResult {
  readonly conclusion: Conclusion;
  /** In the order in which they ran. A job with a matrix has an item for each leg. */
  readonly jobs: readonly JobResult[];
  readonly artifacts: readonly Artifact[];
  /** The legs of a job; a single one if it has no matrix. */
  legs(jobId: string): readonly JobResult[];
}

/** Runs the jobs of a workflow one after another. */
export async function runWorkflow(options: WorkflowOptions): Promise<WorkflowResult> {
  const run = createRun(options);
  const jobs: JobResult[] = [];
  const legs = (jobId: string) => jobs.filter(({ id }) => id === jobId);
  for (const id of orderJobs(run.workflow)) jobs.push(...(await runLegs(run, id, legs)));
  return { conclusion: conclusionOf(jobs), jobs, artifacts: run.artifacts.list, legs };
}

function createRun(options: WorkflowOptions): WorkflowRun {
  const workflow = readWorkflow(options.workflow);
  const artifacts = createArtifacts();
  const secrets = { GITHUB_TOKEN: "ghs_emulatedTokenOfTheRun", ...options.secrets };
  const github = { workflow: workflow.name ?? "Workflow", token: secrets.GITHUB_TOKEN, ...options.github };
  const actions = [options.actions ?? {}, builtInActions(artifacts)];
  return { ...options, workflow, secrets, github, actions, artifacts };
}

async function runLegs(
  run: WorkflowRun,
  id: string,
  legsOf: WorkflowResult["legs"],
): Promise<readonly JobResult[]> {
  const file = run.workflow.jobs[id] ?? {};
  const ancestors = ancestorsOf(run.workflow, id).flatMap(legsOf);
  const needs = Object.fromEntries(needsOf(file).map((need) => [need, needOf(legsOf(need))]));
  const scope: Scope = {
    contexts: { github: githubContext(run.github), needs, vars: run.vars ?? {}, inputs: run.inputs ?? {} },
    status: {
      success: ancestors.every(({ result }) => result === "success"),
      failure: ancestors.some(({ result }) => result === "failure"),
      cancelled: false,
    },
  };
  if (!evaluateCondition(file.if, scope)) return [skippedJob(id)];
  const matrices = expandMatrix(evaluateDeep(file.strategy?.matrix, scope));
  const results: JobResult[] = [];
  for (const [index, matrix] of matrices.entries())
    results.push(await runJob(run, { id, file, needs, matrix, index, total: matrices.length }));
  return results;
}

/** A job as `needs` shows it. An output of several legs comes from the last leg that sets it. */
function needOf(legs: readonly JobResult[]): Contexts {
  const outputs = legs.flatMap((leg) => Object.entries(leg.outputs).filter(([, value]) => value !== ""));
  const isSkipped = legs.every(({ result }) => result === "skipped");
  return { result: isSkipped ? "skipped" : conclusionOf(legs), outputs: Object.fromEntries(outputs) };
}

function conclusionOf(jobs: readonly JobResult[]): Conclusion {
  const isAny = (result: Conclusion) => jobs.some((job) => job.result === result);
  if (isAny("failure")) return "failure";
  return isAny("cancelled") ? "cancelled" : "success";
}
