// The Pythons that Deadline and Maya bring, as far as this machine has them.
import { execFileSync } from "node:child_process";
import { globSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

export interface Python<Version extends string = string> {
  /** Such as `3.10`. */
  readonly version: Version;
  readonly executable: string;
}

/**
 * Looks below pyenv and on PATH. What is missing is named on stderr: its tests are skipped. In CI one must be there.
 *
 * @param versions in the order of their weight
 * @throws Error in CI when there is none of them.
 */
export function findPythons<Version extends string>(versions: readonly Version[]): Python<Version>[] {
  const found = versions.flatMap((version) => {
    const executable = candidates(version).find((path) => isOf(path, version));
    if (executable === undefined) process.stderr.write(`\nSKIPPED: there is no Python ${version}.\n`);
    return executable === undefined ? [] : [{ version, executable }];
  });
  if (found.length === 0 && process.env.CI) throw new Error(`There is no Python of ${versions.join(", ")}.`);
  return found;
}

function candidates(version: string): string[] {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const pyenvs = [
    process.env.PYENV_ROOT ?? [],
    folders.flatMap((folder) => /^.*?\.pyenv(?=[/\\]|$)/.exec(folder)?.[0] ?? []),
    join(homedir(), ".pyenv"),
  ].flat();
  const installed = [...new Set(pyenvs)].flatMap((root) =>
    globSync(join(root, "versions", `${version}.*`, "bin", "python3")),
  );
  return [...installed, ...folders.map((folder) => join(folder, `python${version}`))];
}

/** A shim of pyenv has the name of a Python that may not be there. */
function isOf(executable: string, version: string): boolean {
  try {
    const code = "import sys; print('%d.%d' % sys.version_info[:2])";
    const options = { encoding: "utf8", stdio: "pipe", timeout: 60_000 } as const;
    return execFileSync(executable, ["-c", code], options).trim() === version;
  } catch {
    return false;
  }
}
