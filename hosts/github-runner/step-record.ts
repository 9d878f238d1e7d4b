import type { Masks } from "./masks.ts";
import type { Annotation, Level, PhaseName, PhaseReport } from "./step-result.ts";
import { parseWorkflowCommand, type WorkflowCommand } from "./workflow-commands.ts";

const ANNOTATIONS_PER_LEVEL = 10;
const SUMMARY_BYTES = 1024 * 1024;
const PLACE_PROPERTIES = ["title", "file", "line", "endLine", "col", "endColumn"] as const;

/** Collects what one phase of a step writes to its output and its command files. */
export interface StepRecord {
  /** What command files add to. */
  readonly outputs: Record<string, string>;
  readonly state: Record<string, string>;
  readonly env: Record<string, string>;
  readonly paths: string[];
  /** A line of the process's output: a command, or text for the log. */
  readLine(line: string): void;
  addSummary(text: string): void;
  annotate(level: Level, message: string, properties?: WorkflowCommand["properties"]): void;
  /** A complaint of the runner itself, which is an annotation too. */
  complain(level: Level, message: string): void;
  failCommandFile(name: string, reason: string): void;
  report(exitCode: number | null): PhaseReport;
}

export function createStepRecord(phase: PhaseName, masks: Masks, isDebug: boolean): StepRecord {
  const keys: Pick<StepRecord, "outputs" | "state" | "env" | "paths"> = {
    outputs: {},
    state: {},
    env: {},
    paths: [],
  };
  const texts = { rawLog: [] as string[], log: [] as string[], warnings: [] as string[] };
  const summary = { summary: "", summaryRaw: "" };
  const annotations: Annotation[] = [];
  let droppedAnnotations = 0;
  let hasUnreadFile = false;
  let resumeToken: string | undefined;

  const write = (text: string) => texts.log.push(masks.apply(text));

  function annotate(level: Level, message: string, properties: WorkflowCommand["properties"] = {}): void {
    write(`##[${level}]${message}`);
    if (annotations.filter((one) => one.level === level).length >= ANNOTATIONS_PER_LEVEL) {
      droppedAnnotations += 1;
      return;
    }
    const place = PLACE_PROPERTIES.filter((name) => Object.hasOwn(properties, name));
    const placed = place.map((name) => [name, masks.apply(properties[name] ?? "")]);
    annotations.push({ phase, level, message: masks.apply(message), ...Object.fromEntries(placed) });
  }

  function complain(level: Level, message: string): void {
    texts.warnings.push(masks.apply(message));
    annotate(level, message);
  }

  const keep = (target: Record<string, string>) => (command: WorkflowCommand) => {
    annotate("warning", `The \`${command.name}\` command is deprecated. Use the environment files.`);
    target[command.properties.name ?? ""] = command.data;
  };
  const commands: Readonly<Record<string, (command: WorkflowCommand) => void>> = {
    "add-mask": ({ data }) => masks.add(data),
    error: ({ data, properties }) => annotate("error", data, properties),
    warning: ({ data, properties }) => annotate("warning", data, properties),
    notice: ({ data, properties }) => annotate("notice", data, properties),
    group: ({ data }) => write(`##[group]${data}`),
    endgroup: () => write("##[endgroup]"),
    debug: ({ data }) => isDebug && write(`##[debug]${data}`),
    echo: () => {},
    "stop-commands": ({ data }) => {
      resumeToken = data.toLowerCase();
    },
    "set-output": keep(keys.outputs),
    "save-state": keep(keys.state),
  };

  function readLine(line: string): void {
    texts.rawLog.push(line);
    const command = parseWorkflowCommand(line);
    if (resumeToken !== undefined && command?.name === resumeToken) resumeToken = undefined;
    else if (command && resumeToken === undefined && Object.hasOwn(commands, command.name))
      commands[command.name]?.(command);
    else write(line);
  }

  function addSummary(text: string): void {
    summary.summaryRaw = text;
    const kilobytes = Math.ceil(Buffer.byteLength(text) / 1024);
    if (Buffer.byteLength(text) <= SUMMARY_BYTES) summary.summary = masks.apply(text);
    else
      annotate("error", `$GITHUB_STEP_SUMMARY upload aborted: it holds ${kilobytes}k, the limit is 1024k.`);
  }

  function failCommandFile(name: string, reason: string): void {
    hasUnreadFile = true;
    annotate("error", `Unable to process file command '${name}' successfully.`);
    complain("error", reason);
  }

  function report(exitCode: number | null): PhaseReport {
    const hasFailed = exitCode !== 0 || hasUnreadFile;
    const kept = { ...keys, ...texts, ...summary, annotations, droppedAnnotations };
    // A copy: a process that the step left behind may continue to write.
    return { phase, exitCode, hasFailed, ...structuredClone(kept) };
  }

  return { ...keys, readLine, addSummary, annotate, complain, failCommandFile, report };
}
