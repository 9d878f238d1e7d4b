export type PhaseName = "main" | "post";
export type Conclusion = "success" | "failure" | "cancelled";
export type Level = "error" | "warning" | "notice";
export type Values = Readonly<Record<string, string>>;

export interface Annotation {
  readonly phase: PhaseName;
  readonly level: Level;
  readonly message: string;
  readonly title?: string;
  readonly file?: string;
  readonly line?: string;
  readonly endLine?: string;
  readonly col?: string;
  readonly endColumn?: string;
}

export interface SentSignal {
  readonly signal: NodeJS.Signals;
  /** Since the cancellation. */
  readonly atMs: number;
}

interface PhaseEnd {
  readonly phase: PhaseName;
  /** `null` if a signal ended the process. */
  readonly exitCode: number | null;
}

interface Effects {
  readonly outputs: Values;
  readonly state: Values;
  /** For the steps that follow. */
  readonly env: Values;
  /** What was added to PATH. */
  readonly paths: readonly string[];
  /** As GitHub shows them: masked, at most ten per level and phase. */
  readonly annotations: readonly Annotation[];
  /** How many more there were. */
  readonly droppedAnnotations: number;
  /** The summary as GitHub shows it. */
  readonly summary: string;
  readonly summaryRaw: string;
  /** What the runner itself complains about: unknown inputs, command files that it cannot read. */
  readonly warnings: readonly string[];
}

/** The result of one phase of a step. */
export interface PhaseReport extends Effects, PhaseEnd {
  /** The exit code is not 0, or a command file could not be read. */
  readonly hasFailed: boolean;
  readonly rawLog: readonly string[];
  readonly log: readonly string[];
}

export interface StepEnd {
  readonly conclusion: Conclusion;
  readonly signalsSent: readonly SentSignal[];
  readonly masks: readonly string[];
}

export interface StepResult extends Effects, StepEnd {
  /** Of the main phase; `null` if a signal ended it. */
  readonly exitCode: number | null;
  /** What the processes wrote, before anything was masked. */
  readonly rawLog: readonly { readonly phase: PhaseName; readonly line: string }[];
  /** The log as GitHub shows it. */
  readonly log: string;
  readonly phases: readonly PhaseEnd[];
}

export function combinePhases(phases: readonly PhaseReport[], end: StepEnd): StepResult {
  const merge = (pick: (report: PhaseReport) => Values): Values => Object.assign({}, ...phases.map(pick));
  return {
    ...end,
    exitCode: phases[0]?.exitCode ?? null,
    outputs: merge((report) => report.outputs),
    state: merge((report) => report.state),
    env: merge((report) => report.env),
    paths: phases.flatMap((report) => report.paths),
    annotations: phases.flatMap((report) => report.annotations),
    droppedAnnotations: phases.reduce((sum, report) => sum + report.droppedAnnotations, 0),
    summary: phases.map((report) => report.summary).join(""),
    summaryRaw: phases.map((report) => report.summaryRaw).join(""),
    warnings: phases.flatMap((report) => report.warnings),
    rawLog: phases.flatMap(({ phase, rawLog }) => rawLog.map((line) => ({ phase, line }))),
    log: phases.flatMap((report) => report.log).join("\n"),
    phases: phases.map(({ phase, exitCode }) => ({ phase, exitCode })),
  };
}
