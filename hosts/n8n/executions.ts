import { createRequire } from "node:module";

const require = createRequire(new URL("./installation/package.json", import.meta.url));

interface Item {
  readonly json: Record<string, unknown>;
  readonly binary?: Record<string, { mimeType: string; fileName?: string; fileSize?: string; id?: string }>;
  readonly pairedItem?: unknown;
  readonly error?: unknown;
}

interface ExecutionError {
  readonly name?: string;
  readonly message: string;
  readonly description?: string | null;
  readonly httpCode?: string | null;
  readonly context?: Record<string, unknown>;
}

/** What one node did, in its last run if it ran more than once. */
interface NodeRun {
  /** Of all outputs. */
  readonly items: readonly Item[];
  readonly outputs: readonly (readonly Item[])[];
  readonly runs: number;
  readonly error?: ExecutionError;
}

export interface Execution {
  readonly id: string;
  readonly status: string;
  readonly nodes: Record<string, NodeRun>;
  readonly error?: ExecutionError;
}

/** An execution, as returned by the REST API. */
export interface RawExecution {
  readonly id: string;
  readonly status: string;
  /** JSON without repetitions, written by `flatted`. */
  readonly data: string;
}

interface RunData {
  readonly resultData?: {
    readonly error?: ExecutionError;
    readonly runData?: Record<string, readonly RawRun[]>;
  };
}

interface RawRun {
  readonly data?: { readonly main?: readonly (readonly Item[] | null)[] };
  readonly error?: ExecutionError;
}

const ENDED: ReadonlySet<string> = new Set(["success", "error", "canceled", "crashed"]);

export function hasEnded({ status }: { readonly status: string }): boolean {
  return ENDED.has(status);
}

export function parseExecution({ id, status, data }: RawExecution): Execution {
  const flatted = require("flatted") as { parse(text: string): RunData };
  const { error, runData = {} } = flatted.parse(data).resultData ?? {};
  const nodes = Object.entries(runData).map(([name, runs]) => [name, describeRuns(runs)] as const);
  return { id, status, nodes: Object.fromEntries(nodes), ...(error && { error }) };
}

function describeRuns(runs: readonly RawRun[]): NodeRun {
  const last = runs.at(-1);
  const outputs = (last?.data?.main ?? []).map((items) => items ?? []);
  const error = last?.error && { error: last.error };
  return { items: outputs.flat(), outputs, runs: runs.length, ...error };
}
