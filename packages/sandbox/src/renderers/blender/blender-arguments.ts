import { posix } from "node:path";
import { type BlenderVersion, isAtLeast } from "@renderjuice/core/adapter/node";
import type { Cell } from "./isolation/isolation.ts";

/** The command line for one request: no user settings, no scripts from the scene, no online access. */
export function blenderArguments(version: BlenderVersion, { scriptsDir, folders }: Cell): string[] {
  return [
    "--background",
    "--factory-startup",
    "--disable-autoexec",
    ...(isAtLeast(version, 4, 2) ? ["--offline-mode"] : []),
    // Otherwise Blender exits with 0 after an error in a script.
    "--python-exit-code",
    "1",
    "--python",
    // Python and Blender accept slashes on every system.
    posix.join(scriptsDir, "run_request.py"),
    "--",
    posix.join(folders.workDir, "request.json"),
  ];
}
