// The Pythons that Deadline and Maya bring, as far as this machine has them.
import { execFileSync } from "node:child_process";
import { globSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

const PYTHONS = {
  /** 3.10 is what Deadline 10.3 and 10.4 run; 3.7 stands for 10.1 and 10.2; the others look ahead. */
  deadline: { versions: ["3.7", "3.10", "3.11", "3.12"], usual: "3.10" },
  /** Of Maya 2022, 2025, 2023 and 2024. */
  maya: { versions: ["3.7", "3.11", "3.9", "3.10"], usual: "3.7" },
} as const;

type Host = keyof typeof PYTHONS;

export interface Python {
  /** Such as `3.10`. */
  readonly version: string;
  readonly executable: string;
}

/**
 * Looks in pyenv and on PATH. Missing versions are reported on stderr, and their tests are skipped. In CI there must be
 * one.
 *
 * @throws Error in CI if there is none.
 */
export function findPythons(host: Host): Python[] {
  const { versions } = PYTHONS[host];
  const found = versions.flatMap((version) => {
    const executable = candidates(version).find((path) => isOf(path, version));
    if (executable === undefined) process.stderr.write(`\nSKIPPED: there is no Python ${version}.\n`);
    return executable === undefined ? [] : [{ version, executable }];
  });
  if (found.length === 0 && process.env.CI) throw new Error(`There is no Python of ${versions.join(", ")}.`);
  return found;
}

/** The interpreter for most tests; empty if there is none, and then they are skipped. */
export function findPython(host: Host): string {
  const pythons = findPythons(host);
  const usual = pythons.find(({ version }) => version === PYTHONS[host].usual);
  return (usual ?? pythons.at(-1))?.executable ?? "";
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
