import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { mayaFolder } from "../port/session.ts";

/** Part of the package, next to `dist` and `src`. */
const SHIPPED = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "../../maya/" : "../maya/", import.meta.url),
);
const MAIN = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "../main.ts" : "main.js", import.meta.url),
);
const MODULE_FILE = "renderjuice.mod";
const MODULE_FOLDER = "renderjuice";
const BRIDGE_FILE = "bridge.json";

const modulesFolder = () => join(mayaFolder(), "modules");

/** Copies the module and records where this bridge is. @returns the modules folder */
export async function installModule(): Promise<string> {
  const modules = modulesFolder();
  await mkdir(modules, { recursive: true });
  await rm(join(modules, MODULE_FOLDER), { recursive: true, force: true });
  await cp(join(SHIPPED, MODULE_FOLDER), join(modules, MODULE_FOLDER), {
    recursive: true,
    filter: (source) => !source.endsWith("__pycache__"),
  });
  await writeFile(
    join(modules, MODULE_FOLDER, BRIDGE_FILE),
    `${JSON.stringify({ command: ownCommand() })}\n`,
  );
  // Written last, since Maya reads it to find the rest.
  await cp(join(SHIPPED, MODULE_FILE), join(modules, MODULE_FILE));
  return modules;
}

/** @returns the problems of the installation, each with what to do; empty if there are none */
export async function checkModule(): Promise<string[]> {
  const modules = modulesFolder();
  const again = "Run: renderjuice-maya install";
  if (!existsSync(join(modules, MODULE_FILE)))
    return [`${join(modules, MODULE_FILE)} does not exist. ${again}`];
  const problems: string[] = [];
  for (const name of [MODULE_FILE, ...(await listShipped())]) {
    const shipped = await readFile(join(SHIPPED, name));
    const installed = await readFile(join(modules, name)).catch(() => undefined);
    if (!installed?.equals(shipped))
      problems.push(`${join(modules, name)} is from another version. ${again}`);
  }
  const bridge = await readFile(join(modules, MODULE_FOLDER, BRIDGE_FILE), "utf8").catch(() => "{}");
  const [node, ...rest]: string[] = JSON.parse(bridge).command ?? [];
  const isThere = node !== undefined && existsSync(node) && existsSync(rest.at(-1) ?? "");
  if (!isThere) problems.push(`The bridge is no longer where it was installed. ${again}`);
  return problems;
}

/** @returns what was removed */
export async function uninstallModule(): Promise<string[]> {
  const places = [MODULE_FILE, MODULE_FOLDER]
    .map((name) => join(modulesFolder(), name))
    .filter((path) => existsSync(path));
  for (const path of places) await rm(path, { recursive: true });
  return places;
}

async function listShipped(): Promise<string[]> {
  const entries = await readdir(join(SHIPPED, MODULE_FOLDER), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("__pycache__"))
    .map((entry) => join(entry.parentPath, entry.name).slice(SHIPPED.length));
}

/** This program, for Maya to start: the Node that runs it, with its flags. */
function ownCommand(): string[] {
  return [process.execPath, ...process.execArgv, MAIN];
}
