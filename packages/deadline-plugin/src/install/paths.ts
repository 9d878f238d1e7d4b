import { realpath } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import { ConfigError } from "@renderjuice/core";

/** Everything is installed below it. A studio may keep it elsewhere, behind a link. */
const HOME = "custom";

/** Whether a path below a repository stays in the folders of plugins, going by its text. */
export function isInstallPath(path: string): boolean {
  const [home, ...rest] = path.split("/");
  const isPlain = (segment: string) => segment !== "" && !/^\.{1,2}$|[\\:\0]/.test(segment);
  return home === HOME && rest.length > 0 && rest.every(isPlain);
}

/**
 * Follows the links along each path, so that nothing is written, read or removed elsewhere.
 *
 * @param paths below the repository, with `/`
 * @throws ConfigError with the first path that leads out.
 */
export async function checkInside(repository: string, paths: Iterable<string>): Promise<void> {
  const home = await realpath(join(repository, HOME));
  for (const path of paths) {
    const real = await realpathOfExisting(join(repository, path));
    const below = relative(home, real);
    if (below !== ".." && !below.startsWith(`..${sep}`) && !isAbsolute(below)) continue;
    throw invalid(
      "repository",
      `${path} leads out of ${join(repository, HOME)} through a link, to ${real}. Nothing was changed.`,
      "Remove the link, or replace it with a folder, and try again.",
    );
  }
}

/** For a path that does not exist yet, the nearest existing folder. */
async function realpathOfExisting(path: string): Promise<string> {
  return realpath(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT" || dirname(path) === path) throw error;
    return realpathOfExisting(dirname(path));
  });
}

export function invalid(option: string, message: string, hint: string): ConfigError {
  return new ConfigError({ code: "invalid_option", option, message, hint });
}
