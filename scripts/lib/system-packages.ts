import { existsSync, globSync } from "node:fs";
import { delimiter, join } from "node:path";
import { runQuietly } from "./run.ts";

interface SystemPackage {
  /** The program that is looked for on PATH. */
  readonly program: string;
  /** Where else it may be, as a glob. */
  readonly folders?: string | undefined;
  readonly aptName: string;
  /** How a person installs it where this script cannot. */
  readonly advice: string;
  /** The only system that has it. */
  readonly platform?: NodeJS.Platform | undefined;
}

export const BLENDER: SystemPackage = {
  program: "blender",
  aptName: "blender",
  advice:
    "Install Blender 3.0 or newer from https://www.blender.org/download/ and put it on PATH, or set RENDERJUICE_BLENDER to its program file.",
};
export const BUBBLEWRAP: SystemPackage = {
  program: "bwrap",
  aptName: "bubblewrap",
  advice: "Install bubblewrap, so that scenes see nothing of this machine but themselves.",
  platform: "linux",
};
export const UNZIP: SystemPackage = {
  program: "unzip",
  aptName: "unzip",
  advice: "Install Info-ZIP's unzip.",
};
export const ZIP: SystemPackage = { program: "zip", aptName: "zip", advice: "Install Info-ZIP's zip." };
export const CHROMIUM: SystemPackage = {
  program: "chromium",
  aptName: "chromium",
  advice: "Install Chromium.",
};
export const CURL: SystemPackage = { program: "curl", aptName: "curl", advice: "Install curl." };
export const ARIA2: SystemPackage = { program: "aria2c", aptName: "aria2", advice: "Install aria2." };
export const REDIS: SystemPackage = {
  program: "redis-server",
  aptName: "redis-server",
  advice: "Install Redis.",
};
export const POSTGRES: SystemPackage = {
  // The server's: psql may be there without it. Debian keeps it away from PATH.
  program: "initdb",
  folders: "/usr/lib/postgresql/*/bin",
  aptName: "postgresql",
  advice: "Install PostgreSQL.",
};
export const PYTHON: SystemPackage = {
  program: "python3",
  aptName: "python3",
  advice: "Install Python 3.",
};
export const MAKE: SystemPackage = { program: "make", aptName: "make", advice: "Install make." };
export const GXX: SystemPackage = { program: "g++", aptName: "g++", advice: "Install a C++ compiler." };

/** Installs what is missing where there is apt and root. @returns what is still missing, with advice for a person. */
export async function installSystemPackages(
  packages: readonly SystemPackage[],
): Promise<readonly SystemPackage[]> {
  const wanted = packages.filter(({ platform = process.platform }) => platform === process.platform);
  const missing = wanted.filter((one) => !isInstalled(one));
  if (missing.length === 0 || !canUseApt()) return missing;
  const names = missing.map(({ aptName }) => aptName);
  process.stderr.write(`Setting up: ${names.join(", ")} through apt (a few minutes the first time) …\n`);
  process.env.DEBIAN_FRONTEND = "noninteractive";
  await runQuietly("apt-get", ["update", "-qq"]);
  await runQuietly("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...names]);
  return missing.filter((one) => !isInstalled(one));
}

function canUseApt(): boolean {
  return process.getuid?.() === 0 && isInstalled({ program: "apt-get" });
}

function isInstalled({ program, folders = "" }: Pick<SystemPackage, "program" | "folders">): boolean {
  if (program === "blender" && process.env.RENDERJUICE_BLENDER) return true;
  const extension = process.platform === "win32" ? ".exe" : "";
  return [...(process.env.PATH ?? "").split(delimiter), ...globSync(folders)].some((folder) =>
    existsSync(join(folder, program + extension)),
  );
}
