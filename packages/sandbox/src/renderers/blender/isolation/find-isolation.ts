import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { chownTo } from "../work-folder.ts";
import { createBubblewrap } from "./bubblewrap.ts";
import type { Isolation, IsolationMode, JobFolders } from "./isolation.ts";
import { createNamespaces, createNoIsolation } from "./namespaces.ts";
import { type BlenderProgram, locateProgram } from "./program.ts";

const PROBE_TIMEOUT_MS = 60_000;

/**
 * The strongest isolation in which Blender starts on this machine. Each one is tested, since the kernel, the container
 * and security modules decide whether namespaces are allowed, and a Blender that is a wrapper script does not start in
 * a cell.
 *
 * @throws Error if `required` and bubblewrap does not work.
 */
export async function findIsolation(mode: IsolationMode, program: BlenderProgram): Promise<Isolation> {
  if (mode === "off") return createNoIsolation(program);
  let problem: string | undefined = "there is none for this system";
  for (const mayCloseNamespaces of process.platform === "linux" ? [true, false] : []) {
    const bubblewrap = await createBubblewrap(program, mayCloseNamespaces);
    problem = await findProblem(bubblewrap, program);
    if (problem === undefined) return bubblewrap;
  }
  const reason = `bubblewrap cannot be used (${problem})`;
  if (mode === "required")
    throw new Error(
      `Isolation is required, but ${reason}. Install bubblewrap (bwrap), or choose another --isolation.`,
    );
  const namespaces = createNamespaces(program, reason);
  return process.platform === "linux" && (await findProblem(namespaces, program)) === undefined
    ? namespaces
    : createNoIsolation(program, reason);
}

/**
 * How a sandbox with this Blender would isolate scenes from this machine.
 *
 * @example
 * const { kind, description } = await describeIsolation("/usr/bin/blender");
 */
export async function describeIsolation(
  executable: string,
): Promise<Pick<Isolation, "kind" | "description">> {
  const { kind, description } = await findIsolation("auto", await locateProgram(executable, process.env));
  return { kind, description };
}

/** Why Blender does not start in it; undefined if it does. */
async function findProblem(
  isolation: Isolation,
  { scriptsDir }: BlenderProgram,
): Promise<string | undefined> {
  const { mode } = await stat(join(scriptsDir, "run_request.py"));
  if (isolation.userId !== undefined && (mode & 0o004) === 0) return `other users cannot read ${scriptsDir}`;
  const root = await mkdtemp(join(tmpdir(), "renderjuice-isolation-"));
  try {
    const { command } = isolation.enter(await createFolders(root, isolation));
    const [file = "", ...args] = command;
    const env = { PATH: process.env.PATH ?? "", HOME: root };
    await promisify(execFile)(file, [...args, "--version"], { timeout: PROBE_TIMEOUT_MS, cwd: "/", env });
    return undefined;
  } catch (error) {
    return reasonOf(error as Error & { stderr?: string | undefined; code?: unknown });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function createFolders(root: string, { userId }: Isolation): Promise<JobFolders> {
  const folders = {
    sceneDir: join(root, "scene"),
    workDir: join(root, "work"),
  };
  for (const folder of [...Object.values(folders), join(folders.workDir, "tmp")]) {
    await mkdir(folder);
    await chmod(folder, 0o755);
  }
  await chownTo(userId, [folders.workDir, join(folders.workDir, "tmp")]);
  return folders;
}

function reasonOf({
  code,
  stderr = "",
  message,
}: Error & { stderr?: string | undefined; code?: unknown }): string {
  if (code === "ENOENT") return "it is not installed";
  return stderr.trim().split("\n").at(-1) || message;
}
