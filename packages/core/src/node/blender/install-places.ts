import { join } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where Blender usually is if it is not on the `PATH`, as glob patterns. The newest version should win, so sort the matches
 * in descending order.
 */
export function installPlaces(platform: NodeJS.Platform, env: Environment): string[] {
  if (platform === "darwin") return macPlaces(env);
  if (platform === "win32") return windowsPlaces(env);
  return [
    "/opt/blender*/blender",
    "/usr/local/blender*/blender",
    "/snap/bin/blender",
    "/var/lib/flatpak/exports/bin/org.blender.Blender",
    ...inHome(env.HOME, ["blender*/blender", "Applications/blender*/blender"]),
  ];
}

function macPlaces(env: Environment): string[] {
  const application = "Blender*.app/Contents/MacOS/Blender";
  return [join("/Applications", application), ...inHome(env.HOME, [join("Applications", application)])];
}

function windowsPlaces(env: Environment): string[] {
  const folders = [env.ProgramFiles, env["ProgramFiles(x86)"]].filter((folder) => folder !== undefined);
  return [
    ...folders.map((folder) => join(folder, "Blender Foundation", "Blender*", "blender.exe")),
    ...folders.map((folder) => join(folder, "Steam", "steamapps", "common", "Blender", "blender.exe")),
  ];
}

function inHome(home: string | undefined, patterns: readonly string[]): string[] {
  return home === undefined ? [] : patterns.map((pattern) => join(home, pattern));
}
