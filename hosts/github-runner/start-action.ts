import { climbCancelLadder } from "./cancel-ladder.ts";
import { evaluateCondition, evaluateText, statusOf } from "./expressions.ts";
import { readActionManifest, resolveInputs } from "./read-action-manifest.ts";
import type { Runner } from "./runner-environment.ts";
import { type Phase, startPhase } from "./step-phase.ts";
import {
  type Conclusion,
  combinePhases,
  type PhaseName,
  type PhaseReport,
  type SentSignal,
  type StepResult,
  type Values,
} from "./step-result.ts";

export interface ActionStep {
  readonly actionFolder: string;
  /** The id of the step, GITHUB_ACTION. */
  readonly stepId: string;
  readonly with?: Values;
  /** From the step, the job and the workflow. */
  readonly env?: Values;
  /** Hears each line of the output, before anything is masked. */
  readonly onLine?: (line: string) => void;
}

export interface CancelOptions {
  /** Freezes the process first, so that it cannot handle the signals. */
  readonly ignoreSignals?: boolean;
}

/** A step with a JavaScript action: its main phase is running, its post phase runs at the end of the job. */
export interface StartedAction {
  /** Of the main phase. */
  readonly ended: Promise<Conclusion>;
  /** What happens if a user cancels: signals the main phase, but not a post phase. */
  cancel(options?: CancelOptions): void;
  /** What happens if the runner is lost: all processes are gone immediately, and there is no post phase. */
  kill(): void;
  /** Runs the post phase if there is one and its condition is met. @returns whether it has failed */
  runPost(jobStatus: Conclusion): Promise<boolean>;
  /** What has happened so far. */
  result(): StepResult;
}

export function startAction(runner: Runner, step: ActionStep): StartedAction {
  const manifest = readActionManifest(step.actionFolder);
  const scopeOf = (status: Conclusion) => ({
    contexts: { github: runner.github, runner: runner.runner, job: { status } },
    status: statusOf(status),
  });
  const inputs = resolveInputs(manifest, step.with ?? {}, (text) => evaluateText(text, scopeOf("success")));
  const reports: PhaseReport[] = [];
  let signalsSent: readonly SentSignal[] | undefined;
  let isLost = false;
  let current: Phase | undefined;

  function start(phase: PhaseName, program: string, state: Values = {}): Phase {
    const command = [process.execPath, program] as const;
    return startPhase(runner, { ...step, phase, command, variables: { ...inputs.variables, ...state } });
  }

  async function finish(phase: Phase): Promise<void> {
    current = phase;
    const exitCode = await phase.ended;
    if (phase === main && signalsSent) phase.record.annotate("error", "The operation was canceled.");
    reports.push(phase.record.report(exitCode));
    current = undefined;
  }

  function conclusion(): Conclusion {
    if (isLost || reports.slice(1).some((report) => report.hasFailed)) return "failure";
    if (signalsSent) return "cancelled";
    return reports[0]?.hasFailed ? "failure" : "success";
  }

  const main = start("main", manifest.main);
  for (const warning of inputs.warnings) main.record.complain("warning", warning);
  const ended = finish(main).then(conclusion);

  return {
    ended,
    cancel({ ignoreSignals = false } = {}) {
      if (current !== main || signalsSent) return;
      if (ignoreSignals) main.process.signal("SIGSTOP");
      signalsSent = climbCancelLadder(main.process);
    },
    kill() {
      isLost = true;
      current?.process.kill();
    },
    async runPost(jobStatus) {
      if (isLost || !manifest.post) return false;
      if (!evaluateCondition(manifest.postCondition, scopeOf(jobStatus))) return false;
      const state = Object.entries(reports[0]?.state ?? {});
      const variables = Object.fromEntries(state.map(([name, value]) => [`STATE_${name}`, value]));
      await finish(start("post", manifest.post, variables));
      return reports.at(-1)?.hasFailed ?? false;
    },
    result: () =>
      combinePhases(reports, {
        conclusion: conclusion(),
        signalsSent: signalsSent ?? [],
        masks: runner.masks.values,
      }),
  };
}
