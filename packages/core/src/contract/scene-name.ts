import type { Job } from "./job.ts";

/**
 * The file name of a job's scene; undefined if the API does not say. Which member has it is not documented.
 *
 * @example
 * console.log(sceneName(job) ?? job.id);
 */
export function sceneName({ sceneFile }: Job): string | undefined {
  return sceneFile?.fileName ?? sceneFile?.name ?? undefined;
}
