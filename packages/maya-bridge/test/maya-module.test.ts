import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { checkModule, installModule, uninstallModule } from "../src/install/maya-module.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "renderjuice-module-"));
  vi.stubEnv("MAYA_APP_DIR", folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

test("installs a module that Maya finds, with the bridge's place in it", async () => {
  const modules = await installModule();
  expect(await readFile(join(modules, "renderjuice.mod"), "utf8")).toBe(
    "+ renderjuice_maya 0.1.0 ./renderjuice\n",
  );
  const { command } = JSON.parse(await readFile(join(modules, "renderjuice/bridge.json"), "utf8"));
  expect(command[0]).toBe(process.execPath);
  expect(await checkModule()).toEqual([]);
});

test("check finds a module that is missing, and one that was changed", async () => {
  expect(await checkModule()).toEqual([expect.stringContaining("renderjuice.mod")]);
  const modules = await installModule();
  await appendFile(join(modules, "renderjuice/scripts/renderjuice_maya/rpc.py"), "# changed\n");
  expect(await checkModule()).toEqual([expect.stringContaining("rpc.py is from another version")]);
});

test("uninstall takes out what install has put in, and nothing else", async () => {
  const modules = await installModule();
  await appendFile(join(modules, "other.mod"), "+ other 1.0 ./other\n");
  expect(await uninstallModule()).toHaveLength(2);
  expect(await readFile(join(modules, "other.mod"), "utf8")).toContain("other");
  expect(await uninstallModule()).toEqual([]);
});
