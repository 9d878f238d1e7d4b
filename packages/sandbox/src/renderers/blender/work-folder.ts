import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";

/** A folder for everything that Blender writes before it is finished: gone when disposed of. */
export interface WorkFolder extends AsyncDisposable {
  readonly path: string;
  /** Blender's home and temporary folder. */
  readonly homeDir: string;
  readonly requestPath: string;
}

/** `path` must be ours alone: what a killed process left there is removed first. */
export async function createWorkFolder(path: string): Promise<WorkFolder> {
  const remove = () => rm(path, { recursive: true, force: true, maxRetries: 3 });
  await remove();
  const homeDir = join(path, "home");
  await mkdir(homeDir, { recursive: true });
  return { path, homeDir, requestPath: join(path, "request.json"), [Symbol.asyncDispose]: remove };
}
