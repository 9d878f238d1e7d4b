import { rmSync } from "node:fs";
import { createCommandFiles, readCommandFiles } from "./command-files.ts";
import type { Runner } from "./runner-environment.ts";
import { type StepProcess, startProcess } from "./step-process.ts";
import { createStepRecord, type StepRecord } from "./step-record.ts";
import type { PhaseName, Values } from "./step-result.ts";

export interface PhaseOptions {
  readonly phase: PhaseName;
  readonly stepId: string;
  readonly command: readonly [program: string, ...args: readonly string[]];
  /** @default the workspace */
  readonly cwd?: string;
  readonly env?: Values | undefined;
  /** INPUT_* and STATE_*. They override `env`. */
  readonly variables?: Values;
  readonly onLine?: (line: string) => void;
}

export interface Phase {
  readonly process: StepProcess;
  readonly record: StepRecord;
  /** Resolves with the exit code when the process has ended and its command files have been read. */
  readonly ended: Promise<number | null>;
}

/** Starts the process of a phase: that of an action, or the shell of a `run` step. */
export function startPhase(runner: Runner, options: PhaseOptions): Phase {
  const { phase, stepId, command, cwd = runner.workspace } = options;
  const files = createCommandFiles(runner.temp);
  if (!runner.hasSummaryFile) rmSync(files.GITHUB_STEP_SUMMARY);
  const record = createStepRecord(phase, runner.masks, runner.isDebug);
  const env = { ...runner.environment(stepId, options.env), ...options.variables, ...files };
  const process = startProcess({ command, cwd, env, trackingId: runner.trackingId }, (line) => {
    record.readLine(line);
    options.onLine?.(line);
  });
  const ended = process.ended.then((exitCode) => {
    readCommandFiles(files, record);
    return exitCode;
  });
  return { process, record, ended };
}
