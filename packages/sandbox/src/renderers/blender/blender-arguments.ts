import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BlenderVersion, isAtLeast } from "@renderjuice/core/node";

const SCRIPT = join("blender", "run_request.py");

/** The command line that answers one request: no user settings, no scripts from the scene, no online access. */
export function blenderArguments(version: BlenderVersion, requestPath: string): string[] {
  return [
    "--background",
    "--factory-startup",
    "--disable-autoexec",
    ...(isAtLeast(version, 4, 2) ? ["--offline-mode"] : []),
    // Without it Blender ends with 0 after an error in a script.
    "--python-exit-code",
    "1",
    "--python",
    scriptPath(),
    "--",
    requestPath,
  ];
}

/** The Python scripts lie beside `src` and `dist`, in the package's own folder. */
function scriptPath(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, SCRIPT))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`The sandbox package is incomplete: ${SCRIPT} is missing.`);
    folder = parent;
  }
  return join(folder, SCRIPT);
}
