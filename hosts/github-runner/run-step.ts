import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type ActionHandler, findAction, isActionAt } from "./built-in-actions.ts";
import { evaluateCondition, evaluateDeep, evaluateText, evaluateValues, type Scope } from "./expressions.ts";
import { type Job, scopeOf } from "./job.ts";
import { startAction } from "./start-action.ts";
import { startPhase } from "./step-phase.ts";
import { createStepRecord } from "./step-record.ts";
import {
  type Conclusion,
  combinePhases,
  type PhaseReport,
  type StepResult,
  type Values,
} from "./step-result.ts";
import type { StepFile } from "./workflow-file.ts";

type StepConclusion = Conclusion | "skipped";

/** What is known about a step. Empty if it was skipped. */
export interface StepReport extends Omit<StepResult, "conclusion"> {
  /** Its id in the workflow, or one that GitHub generates: `__run`, `__run_2`, … */
  readonly id: string;
  readonly name: string;
  readonly outcome: StepConclusion;
  /** The outcome, except for `continue-on-error`. Includes a failed post phase. */
  readonly conclusion: StepConclusion;
}

interface Execution {
  readonly conclusion: Conclusion;
  /** Called again at the end of the job: there may have been a post phase. */
  result(): StepResult;
}

interface StepContext {
  readonly id: string;
  readonly file: StepFile;
  readonly env: Values;
  readonly scope: Scope;
}

/** @returns a function that gives the report, which is complete once the job has ended */
export async function runStep(job: Job, file: StepFile): Promise<() => StepReport> {
  const id = newStepId(job, file);
  const name = evaluateText(file.name ?? `Run ${file.uses ?? firstLine(file.run)}`, scopeOf(job));
  const execution = await execute(job, file, id).catch((error) => failedExecution(job, error));
  const outcome = execution?.conclusion ?? "skipped";
  const isForgiven = outcome === "failure" && evaluateDeep(file["continue-on-error"], scopeOf(job)) === true;
  const conclusion = isForgiven ? "success" : outcome;
  const outputs = execution ? takeOver(job, execution.result()) : {};
  if (conclusion === "failure" || conclusion === "cancelled") job.status = conclusion;
  if (file.id !== undefined) job.steps[file.id] = { outputs, outcome, conclusion };
  return () => {
    const result = execution?.result() ?? combine(job, []);
    const final = isForgiven || !execution ? conclusion : result.conclusion;
    return { ...result, id, name, outcome, conclusion: final };
  };
}

/** Passes what the step has written to its command files to the following steps. */
function takeOver({ env, runner }: Job, result: StepResult): Values {
  Object.assign(env, result.env);
  runner.paths.unshift(...result.paths.toReversed());
  return result.outputs;
}

async function execute(job: Job, file: StepFile, id: string): Promise<Execution | undefined> {
  const jobScope = scopeOf(job);
  const env = { ...job.env, ...evaluateValues(file.env, jobScope) };
  const scope: Scope = { ...jobScope, contexts: { ...jobScope.contexts, env } };
  const { secrets: _, ...contexts } = scope.contexts;
  if (!evaluateCondition(file.if, { ...scope, contexts })) return undefined;
  const step = { id, file, env, scope };
  if (file.run !== undefined) return runScript(job, step, file.run);
  if (file.uses === undefined) throw new Error(`The step ${id} has neither run nor uses.`);
  if (isActionAt(job.run.actionPath, file.uses)) return runActionStep(job, step);
  return runHandler(job, step, findAction(file.uses, job.run.actions));
}

async function runScript(job: Job, { id, file, env, scope }: StepContext, text: string): Promise<Execution> {
  const defaults = { ...job.run.workflow.defaults?.run, ...job.leg.file.defaults?.run };
  const folder = file["working-directory"] ?? defaults["working-directory"] ?? ".";
  const script = join(job.runner.temp, `${randomUUID()}.sh`);
  writeFileSync(script, evaluateText(text, scope));
  const phase = startPhase(job.runner, {
    phase: "main",
    stepId: id,
    env,
    command: ["bash", ...bashOptions(file.shell ?? defaults.shell), script],
    cwd: resolve(job.runner.workspace, evaluateText(folder, scope)),
  });
  const exitCode = await phase.ended;
  if (exitCode !== 0) phase.record.annotate("error", `Process completed with exit code ${exitCode}.`);
  return endedExecution(job, phase.record.report(exitCode));
}

/** On GitHub, failures within pipes only count if the workflow sets `shell`. */
function bashOptions(shell: string | undefined): readonly string[] {
  if (shell === undefined) return ["-e"];
  if (shell === "bash") return ["--noprofile", "--norc", "-e", "-o", "pipefail"];
  throw new Error(`The shell ${shell} is not emulated.`);
}

async function runActionStep(job: Job, { id, file, env, scope }: StepContext): Promise<Execution> {
  const inputs = evaluateValues(file.with, scope);
  const { actionFolder } = job.run;
  const action = startAction(job.runner, { actionFolder, stepId: id, with: inputs, env });
  job.posts.push(action);
  return { conclusion: await action.ended, result: action.result };
}

async function runHandler(
  job: Job,
  { file, env, scope }: StepContext,
  handle: ActionHandler,
): Promise<Execution> {
  const record = createStepRecord("main", job.runner.masks, job.runner.isDebug);
  const outputs = await handle({
    uses: file.uses ?? "",
    with: evaluateValues(file.with, scope),
    env,
    workspace: job.runner.workspace,
    jobId: job.leg.id,
    matrix: job.leg.matrix,
    log: record.readLine,
    annotate: record.annotate,
  });
  Object.assign(record.outputs, outputs);
  return endedExecution(job, record.report(0));
}

function failedExecution(job: Job, error: unknown): Execution {
  const record = createStepRecord("main", job.runner.masks, job.runner.isDebug);
  record.annotate("error", error instanceof Error ? error.message : String(error));
  return endedExecution(job, record.report(1));
}

function endedExecution(job: Job, report: PhaseReport): Execution {
  const conclusion = report.hasFailed ? "failure" : "success";
  return { conclusion, result: () => combine(job, [report], conclusion) };
}

function combine(job: Job, reports: readonly PhaseReport[], conclusion: Conclusion = "success"): StepResult {
  return combinePhases(reports, { conclusion, signalsSent: [], masks: job.runner.masks.values });
}

/** Its id in the workflow, or one by GitHub's rules for steps without an id. */
function newStepId({ stepIds }: Job, { id, uses, run }: StepFile): string {
  const [owner, repository] = (uses ?? "").replace(/@.*/, "").split("/");
  const base = id ?? (run !== undefined ? "__run" : owner === "." ? "__self" : `__${owner}_${repository}`);
  let unique = base;
  for (let count = 2; stepIds.has(unique); count++) unique = `${base}_${count}`;
  stepIds.add(unique);
  return unique;
}

function firstLine(text = ""): string {
  return text.trim().split("\n")[0] ?? "";
}
