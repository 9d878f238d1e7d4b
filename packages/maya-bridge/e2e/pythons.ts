import { execFileSync } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";

/** Maya 2022 and Maya 2025: the oldest and the newest that are supported. */
const NEEDED = ["3.7", "3.11"];
/** Those of Maya 2023 and 2024, where they are at hand. */
const WELCOME = ["3.9", "3.10"];

export interface Python {
  /** Such as `3.7`. */
  readonly version: string;
  readonly executable: string;
}

/** The Pythons of Maya's versions. Missing ones are skipped, loudly; in CI one of the needed must be there. */
export function findPythons(): Python[] {
  const found = [...NEEDED, ...WELCOME].flatMap((version) => {
    const executable = candidates(version).find((path) => existsSync(path) && isOf(path, version));
    if (executable === undefined && NEEDED.includes(version))
      process.stderr.write(`\nSKIPPED: there is no Python ${version}; pyenv install ${version} gives one.\n`);
    return executable === undefined ? [] : [{ version, executable }];
  });
  const hasNeeded = found.some(({ version }) => NEEDED.includes(version));
  if (!hasNeeded && process.env.CI) throw new Error(`There is no Python ${NEEDED.join(" and no Python ")}.`);
  return found;
}

function candidates(version: string): string[] {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const pyenvs = [
    ...(process.env.PYENV_ROOT ? [process.env.PYENV_ROOT] : []),
    ...folders.filter((folder) => /\.pyenv[/\\]shims/.test(folder)).map(dirname),
    join(homedir(), ".pyenv"),
  ];
  const installed = pyenvs.flatMap((root) =>
    globSync(join(root, "versions", `${version}.*`, "bin", "python3")),
  );
  return [...installed, ...folders.map((folder) => join(folder, `python${version}`))];
}

/** A shim of pyenv has the name of a Python that may not be there. */
function isOf(executable: string, version: string): boolean {
  try {
    const code = "import sys; print('%d.%d' % sys.version_info[:2])";
    return execFileSync(executable, ["-c", code], { encoding: "utf8", stdio: "pipe" }).trim() === version;
  } catch {
    return false;
  }
}
