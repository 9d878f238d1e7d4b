import { posix } from "node:path";
import type { Isolation, JobFolders } from "./isolation/isolation.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The part of our environment that a scene may see. Everything else stays out, since it contains API keys. */
const ALLOWED = [
  "PATH",
  "LANG",
  "LC_ALL",
  "TZ",
  // The path of a studio's color configuration.
  "OCIO",
  "LD_LIBRARY_PATH",
  "NUMBER_OF_PROCESSORS",
  "PATHEXT",
  "PROCESSOR_ARCHITECTURE",
  "SYSTEMDRIVE",
  "SYSTEMROOT",
  "WINDIR",
];
/** Old versions need a display for Eevee. A program with a display can type into its windows, so a cell has none. */
const DISPLAY = ["DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_RUNTIME_DIR"];

/** Blender's environment: an allow-list of ours, and a home and a temporary folder that are deleted with the job. */
export function blenderEnvironment(
  env: Environment,
  { hasDisplay }: Isolation,
  { workDir }: JobFolders,
): Record<string, string> {
  const allowed = new Set(hasDisplay ? [...ALLOWED, ...DISPLAY] : ALLOWED);
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && allowed.has(entry[0].toUpperCase()),
  );
  const folderFor = (names: readonly string[], folder: string) =>
    Object.fromEntries(names.map((name) => [name, posix.join(workDir, folder)]));
  return {
    ...Object.fromEntries(kept),
    ...folderFor(["HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"], "home"),
    ...folderFor(["TMPDIR", "TEMP", "TMP"], "tmp"),
  };
}
