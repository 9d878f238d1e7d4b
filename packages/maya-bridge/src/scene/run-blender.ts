import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, open, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Blender, findBlender, isAtLeast } from "@renderjuice/core/adapter/node";
import * as z from "zod/v4";
import { SceneError } from "./scene-error.ts";

/** Part of the package, next to `dist` and `src`. */
const SCRIPT = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "../../blender/run.py" : "../blender/run.py", import.meta.url),
);
const LOG_END_CHARACTERS = 20_000;

const failureSchema = z.object({
  failure: z.object({
    kind: z.enum(["unreadable", "unsupported", "unwritable"]),
    message: z.string(),
    hint: z.string(),
  }),
});

export interface BlenderRequest<Answer> {
  readonly action: "inspect" | "re-point" | "assemble";
  readonly input: Readonly<Record<string, unknown>>;
  readonly schema: z.ZodType<Answer>;
  /** The job's folder. Request, answer and log stay there, to investigate a failure. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

export interface BlenderAnswer<Answer> {
  readonly answer: Answer;
  /** The output of Blender and its add-ons. */
  readonly log: string;
}

/**
 * Runs one action in the artist's Blender, without a window, without the artist's add-ons and without running scripts
 * of the scene.
 *
 * @throws BlenderNotFoundError; SceneError if Blender refuses or crashes; the signal's reason if it is aborted
 */
export async function runBlender<Answer>(request: BlenderRequest<Answer>): Promise<BlenderAnswer<Answer>> {
  const { action, folder, signal } = request;
  signal.throwIfAborted();
  const blender = await findBlender();
  const work = join(folder, "blender");
  await mkdir(work, { recursive: true });
  const [requestPath, answerPath, logPath] = ["request.json", "answer.json", "log.txt"].map((name) =>
    join(work, `${action}-${name}`),
  ) as [string, string, string];
  await rm(answerPath, { force: true });
  await writeFile(requestPath, JSON.stringify({ action, answerPath, ...request.input }), { mode: 0o600 });
  const exit = await start(blender, requestPath, logPath, signal);
  const log = await readFile(logPath, "utf8");
  const text = await readFile(answerPath, "utf8").catch(() => undefined);
  if (text === undefined || exit.code !== 0) throw crashed(blender, exit, log, logPath);
  const answer: unknown = JSON.parse(text);
  const failed = failureSchema.safeParse(answer);
  if (failed.success) throw new SceneError({ ...failed.data.failure, log });
  return { answer: request.schema.parse(answer), log };
}

async function start(blender: Blender, requestPath: string, logPath: string, signal: AbortSignal) {
  await using log = await open(logPath, "w");
  const child = spawn(
    blender.executable,
    [
      "--background",
      "--factory-startup",
      "--disable-autoexec",
      ...(isAtLeast(blender.version, 4, 2) ? ["--offline-mode"] : []),
      // Otherwise Blender exits with 0 after an error in a script.
      "--python-exit-code",
      "1",
      "--python",
      SCRIPT,
      "--",
      requestPath,
    ],
    {
      env: environment(),
      stdio: ["ignore", log.fd, log.fd],
      windowsHide: true,
      signal,
      killSignal: "SIGKILL",
    },
  );
  try {
    const [code, killedBy] = await once(child, "close");
    return { code: code as number | null, killedBy: killedBy as NodeJS.Signals | null };
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

/**
 * Blender and what it loads do not need the key. A studio's color configuration for Maya lacks the names that Blender's
 * scenes refer to, and Blender would drop them.
 */
function environment(): NodeJS.ProcessEnv {
  const isForBlender = (name: string) => name !== "OCIO" && !name.startsWith("RENDERJUICE_");
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => isForBlender(name)));
}

function crashed(
  { version }: Blender,
  { code, killedBy }: Awaited<ReturnType<typeof start>>,
  log: string,
  logPath: string,
): SceneError {
  const lines = log
    .slice(-LOG_END_CHARACTERS)
    .split("\n")
    .filter((line) => line.trim() !== "");
  const said = lines.filter((line) => !/^(Blender quit|Location:)/.test(line)).at(-1);
  return new SceneError({
    kind: "unreadable",
    message: `Blender ${version.join(".")} ended before it was ready (${killedBy ?? `exit code ${code}`}).${said ? ` It said last: ${said.trim()}` : ""}`,
    hint: `Its output is in ${logPath}.`,
    log,
  });
}
