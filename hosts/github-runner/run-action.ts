import { createRunner, type RunnerOptions } from "./runner-environment.ts";
import { type ActionStep, type CancelOptions, startAction } from "./start-action.ts";
import type { StepResult, Values } from "./step-result.ts";

export interface ActionOptions extends RunnerOptions {
  /** Contains `action.yml`. */
  readonly actionFolder: string;
  readonly with?: Values;
  /** `env` of the step and the job. */
  readonly env?: Values;
  readonly repository?: string;
  /** The same for all attempts. */
  readonly runId?: string;
  readonly runAttempt?: number;
  /** GITHUB_JOB. */
  readonly jobName?: string;
  /** GITHUB_ACTION. */
  readonly stepId?: string;
}

export interface ActionRun {
  readonly workspace: string;
  /** Resolves with the first matching line, as a process wrote it. Rejects with the log if there is none. */
  seen(pattern: RegExp): Promise<string>;
  cancel(options?: CancelOptions): void;
  kill(): void;
  readonly outcome: Promise<StepResult>;
}

/** Runs one step with an action as GitHub's runner does, in a separate job. */
export function runAction(options: ActionOptions): ActionRun {
  const { repository, runId, runAttempt = 1, jobName, stepId = "render" } = options;
  const github = {
    ...(repository !== undefined && { repository }),
    ...(runId !== undefined && { run_id: runId }),
    ...(jobName !== undefined && { job: jobName }),
    run_attempt: String(runAttempt),
    ...options.github,
  };
  const runner = createRunner({ ...options, github });
  const output = createOutputWatch();
  const step: ActionStep = { ...options, stepId, onLine: output.push };
  const action = startAction(runner, step);

  async function finish(): Promise<StepResult> {
    await action.runPost(await action.ended);
    runner.close();
    return action.result();
  }
  const outcome = finish();
  return {
    workspace: runner.workspace,
    seen: (pattern) => output.seen(pattern, outcome),
    cancel: action.cancel,
    kill: action.kill,
    outcome,
  };
}

function createOutputWatch() {
  const lines: string[] = [];
  const listeners = new Set<(line: string) => void>();
  return {
    push(line: string): void {
      lines.push(line);
      for (const listener of listeners) listener(line);
    },
    seen(pattern: RegExp, end: Promise<unknown>): Promise<string> {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      const listener = (line: string) => {
        if (pattern.test(line)) resolve(line);
      };
      lines.forEach(listener);
      listeners.add(listener);
      const fail = () => reject(new Error(`The action ended without ${pattern}:\n${lines.join("\n")}`));
      end.then(fail, fail);
      return promise.finally(() => listeners.delete(listener));
    },
  };
}
