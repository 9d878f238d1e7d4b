import { chown, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Isolation, JobFolders } from "./isolation/isolation.ts";

/** The folders of one run of Blender, deleted on disposal. */
export interface WorkFolder extends AsyncDisposable {
  readonly folders: JobFolders;
  /** Writes the request for Blender: `request.json` in its work folder. */
  writeRequest(request: Readonly<Record<string, unknown>>): Promise<void>;
}

/** Nobody else may use `path`: what a killed process left there is removed first. */
export async function createWorkFolder(
  path: string,
  sceneDir: string,
  { userId }: Isolation,
): Promise<WorkFolder> {
  const remove = () => rm(path, { recursive: true, force: true, maxRetries: 3 });
  await remove();
  const folders = { sceneDir, workDir: path };
  const all = [path, join(path, "home"), join(path, "tmp")];
  for (const folder of all) await mkdir(folder, { recursive: true, mode: 0o700 });
  await chownTo(userId, all);
  return {
    folders,
    async writeRequest(request) {
      const requestPath = join(path, "request.json");
      await writeFile(requestPath, JSON.stringify(request), { mode: 0o600 });
      await chownTo(userId, [requestPath]);
    },
    [Symbol.asyncDispose]: remove,
  };
}

export async function chownTo(userId: number | undefined, paths: readonly string[]): Promise<void> {
  if (userId === undefined) return;
  for (const path of paths) await chown(path, userId, userId);
}
