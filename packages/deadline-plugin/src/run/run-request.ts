import { join } from "node:path";
import { ConfigError, type RenderConfig } from "@renderjuice/core";
import * as z from "zod/v4";
import { readRequestFile } from "../request-file.ts";
import { parseSettingsText } from "./settings-text.ts";

const requestSchema = z.strictObject({
  /** A `.blend`, a `.zip` or a folder. */
  scene: z.string().min(1),
  /** Such as `1-24`. @default the scene's own range */
  frames: z.string().min(1).optional(),
  outDir: z.string().min(1),
  /** Such as `shot_####`. @default the names the farm gives */
  framePattern: z.string().min(1).optional(),
  /** `name=value` texts, separated by `;` or new lines. */
  settings: z.string().optional(),
  /** Whether to fail if the farm cannot find a file that the scene uses. */
  requireComplete: z.boolean().default(false),
  /** The same in every attempt of a task; see `OnceOptions`. */
  tag: z.string().regex(/^[\w-]+$/),
  /** Other names for the render's notes, such as that of the Deadline job. */
  labels: z.array(z.string().regex(/^[\w-]+$/)).default([]),
  /** The remote job, if an earlier attempt has reported it. */
  jobId: z.string().min(1).optional(),
});

/** What a task should render, as written by the render plugin. */
export interface RunRequest extends Omit<z.infer<typeof requestSchema>, "settings"> {
  readonly settings: Partial<RenderConfig>;
  /** Where an attempt records its progress. */
  readonly recordFile: string;
}

/** @throws ConfigError if the file cannot be read or is not valid. */
export async function readRunRequest(path: string): Promise<RunRequest> {
  return complete(await readRequestFile(path, requestSchema));
}

/** Options of the command line, for hosts that do not write a file. */
export interface RunOptions {
  readonly scene?: string | undefined;
  readonly outDir?: string | undefined;
  readonly framePattern?: string | undefined;
  readonly frames?: string | undefined;
  readonly settings?: string | undefined;
  readonly runName?: string | undefined;
  readonly requireComplete?: true | undefined;
}

/** An empty option counts as missing. @throws ConfigError if one is missing. */
export function buildRunRequest({ runName, ...options }: RunOptions, env: NodeJS.ProcessEnv): RunRequest {
  const { DEADLINE_JOB_ID: jobId, DEADLINE_TASK_ID: taskId } = env;
  const name = runName || (jobId && taskId && `${jobId}-${taskId}`);
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value));
  const request = requestSchema.safeParse({ ...given, ...(name && { tag: `deadline-cloud-${name}` }) });
  if (request.success) return complete(request.data);
  const missing = request.error.issues.map(({ path }) => OPTION_NAMES[String(path[0])] ?? path[0]);
  throw new ConfigError({
    code: "invalid_option",
    option: String(missing[0]),
    message: `Missing or invalid: ${missing.join(", ")}.`,
    hint: "Give a request file, or --scene, --out-dir and --run-name (letters, digits, _ and -).",
  });
}

const OPTION_NAMES: Readonly<Record<string, string>> = {
  scene: "--scene",
  outDir: "--out-dir",
  tag: "--run-name",
};

function complete({ settings, ...request }: z.infer<typeof requestSchema>): RunRequest {
  return {
    ...request,
    settings: parseSettingsText(settings ?? ""),
    recordFile: join(request.outDir, ".renderjuice", `${request.tag}.json`),
  };
}
