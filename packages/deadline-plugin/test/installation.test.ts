import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type InstallOptions, inspect, install, uninstall } from "../src/install/installation.ts";

const EVENT = "custom/events/Renderjuice/Renderjuice.py";
const BUNDLE = "custom/plugins/Renderjuice/renderjuice-deadline.cjs";
let folder: string;
let options: InstallOptions;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "renderjuice-install-"));
  options = {
    packageRoot: join(folder, "package"),
    version: "1.0.0",
    repository: join(folder, "repository"),
  };
  await write(options.packageRoot, `repository/${EVENT}`, "event 1");
  await write(options.packageRoot, "dist/renderjuice-deadline.cjs", "bundle 1");
  await mkdir(join(options.repository, "custom"), { recursive: true });
  await mkdir(join(options.repository, "plugins"));
});

afterEach(() => rm(folder, { recursive: true }));

test("copies everything, and then finds nothing to do", async () => {
  expect(await inspect(options)).toMatchObject({ installedVersion: undefined, missing: [EVENT, BUNDLE] });
  expect(await install(options)).toEqual([]);
  expect(await read(EVENT)).toBe("event 1");
  expect(await inspect(options)).toEqual({
    installedVersion: "1.0.0",
    missing: [],
    different: [],
    changedByHand: [],
  });
});

test("an update replaces the old version and removes what it does not have any more", async () => {
  await write(options.packageRoot, "repository/custom/events/Renderjuice/old.txt", "old");
  await install(options);
  await rm(join(options.packageRoot, "repository/custom/events/Renderjuice/old.txt"));
  await write(options.packageRoot, `repository/${EVENT}`, "event 2");
  const newer = { ...options, version: "2.0.0" };
  expect(await inspect(newer)).toMatchObject({ installedVersion: "1.0.0", different: [EVENT] });
  await install(newer);
  expect(await read(EVENT)).toBe("event 2");
  expect(await readdir(join(options.repository, "custom/events/Renderjuice"))).toEqual(["Renderjuice.py"]);
});

test("what somebody changed is kept beside the new file", async () => {
  await install(options);
  await write(options.repository, EVENT, "mine");
  expect((await inspect(options)).changedByHand).toEqual([EVENT]);
  const [kept = ""] = await install(options);
  expect(await read(kept)).toBe("mine");
  expect(await read(EVENT)).toBe("event 1");
});

test("uninstall removes its own files and nothing else", async () => {
  await write(options.repository, "custom/events/Other/Other.py", "theirs");
  await install(options);
  await write(options.repository, BUNDLE, "mine");
  expect(await uninstall(options.repository)).toEqual({ removed: [EVENT], kept: [BUNDLE] });
  expect(await readdir(join(options.repository, "custom/events"))).toEqual(["Other"]);
  expect(await read(BUNDLE)).toBe("mine");
});

test("a folder that is no repository is refused before anything is written", async () => {
  const wrong = { ...options, repository: folder };
  await expect(install(wrong)).rejects.toMatchObject({
    message: expect.stringContaining("no Deadline repository"),
  });
  await expect(uninstall(options.repository)).rejects.toMatchObject({
    message: expect.stringContaining("Nothing of Renderjuice is installed"),
  });
});

async function write(root: string, path: string, text: string): Promise<void> {
  await mkdir(join(root, path, ".."), { recursive: true });
  await writeFile(join(root, path), text);
}

function read(path: string): Promise<string> {
  return readFile(join(options.repository, path), "utf8");
}
