import type { Artifacts } from "./artifacts.ts";
import type { Actions } from "./built-in-actions.ts";
import { type Contexts, type Scope, statusOf } from "./expressions.ts";
import type { Runner } from "./runner-environment.ts";
import type { StartedAction } from "./start-action.ts";
import type { Conclusion, Values } from "./step-result.ts";
import type { JobFile, WorkflowFile } from "./workflow-file.ts";

/** What the jobs of a run share. */
export interface WorkflowRun {
  readonly workflow: WorkflowFile;
  readonly actionFolder: string;
  readonly actionPath: string;
  readonly secrets: Values;
  readonly vars?: Values;
  readonly inputs?: Contexts;
  readonly github: Contexts;
  readonly prepareWorkspace?: (folder: string, jobId: string) => void | Promise<void>;
  readonly actions: readonly Actions[];
  readonly programs?: readonly string[];
  readonly machineEnv?: Values;
  readonly artifacts: Artifacts;
}

/** One leg of a job's matrix. */
export interface JobLeg {
  readonly id: string;
  readonly file: JobFile;
  readonly needs: Contexts;
  readonly matrix: Contexts;
  readonly index: number;
  readonly total: number;
}

/** A running job. */
export interface Job {
  readonly run: WorkflowRun;
  readonly leg: JobLeg;
  readonly runner: Runner;
  /** From the workflow, the job, and what steps have written to GITHUB_ENV. */
  readonly env: Record<string, string>;
  /** The context `steps`. */
  readonly steps: Record<string, Contexts>;
  /** Actions whose post phase has not run yet. */
  readonly posts: StartedAction[];
  readonly stepIds: Set<string>;
  status: Conclusion;
}

/** What the expressions of a job and its steps can use. */
export function scopeOf({ run, leg, runner, env, steps, status }: Job): Scope {
  const { strategy } = leg.file;
  return {
    workspace: runner.workspace,
    status: statusOf(status),
    contexts: {
      github: runner.github,
      runner: runner.runner,
      job: { status },
      env,
      steps,
      secrets: run.secrets,
      vars: run.vars ?? {},
      inputs: run.inputs ?? {},
      needs: leg.needs,
      matrix: leg.matrix,
      strategy: {
        "fail-fast": strategy?.["fail-fast"] ?? true,
        "max-parallel": strategy?.["max-parallel"] ?? leg.total,
        "job-index": leg.index,
        "job-total": leg.total,
      },
    },
  };
}
