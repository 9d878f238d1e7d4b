import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** 3.10 is what Deadline 10.3 and 10.4 run; 3.7 stands for 10.1 and 10.2; the others look ahead. */
const PYTHON_VERSIONS = ["3.7", "3.10", "3.11", "3.12"] as const;
type PythonVersion = (typeof PYTHON_VERSIONS)[number];
export interface Python {
  version: PythonVersion;
  path: string;
}

/** The installed interpreters. Missing ones are named on stderr; throws an Error in CI when there is none. */
export function findPythons(): Python[] {
  const found: Python[] = [];
  for (const version of PYTHON_VERSIONS) {
    const path = findPython(version);
    if (path) found.push({ version, path });
    else process.stderr.write(`SKIPPED: no Python ${version}, tests with it do not run.\n`);
  }
  if (found.length === 0 && process.env.CI)
    throw new Error("There is no Python to run Deadline's plugins in.");
  return found;
}

/** The interpreter of Deadline 10.3 and 10.4, or else the nearest that is installed. */
export function deadlinePython(): string | undefined {
  const pythons = findPythons();
  const { path } = pythons.find(({ version }) => version === "3.10") ?? pythons.at(-1) ?? {};
  return path;
}

function findPython(version: PythonVersion): string | undefined {
  const candidates = [
    ...pyenvRoots().flatMap((root) => installedUnder(root, version)),
    ...pathEntries().map((folder) => join(folder, `python${version}`)),
  ];
  return candidates.find((path) => runsAs(path, version));
}

function pathEntries(): string[] {
  return (process.env.PATH ?? "").split(":").filter(Boolean);
}

function pyenvRoots(): string[] {
  const onPath = pathEntries().flatMap((entry) => entry.match(/^.*?\.pyenv(?=\/|$)/)?.[0] ?? []);
  return [...new Set([process.env.PYENV_ROOT ?? [], onPath, join(homedir(), ".pyenv")].flat())];
}

function installedUnder(root: string, version: PythonVersion): string[] {
  try {
    return readdirSync(join(root, "versions"))
      .filter((name) => name.startsWith(`${version}.`))
      .map((name) => join(root, "versions", name, "bin", "python3"));
  } catch {
    return [];
  }
}

function runsAs(path: string, version: PythonVersion): boolean {
  try {
    const script = "import sys; print('%d.%d' % sys.version_info[:2])";
    return (
      execFileSync(path, ["-c", script], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim() ===
      version
    );
  } catch {
    return false;
  }
}
