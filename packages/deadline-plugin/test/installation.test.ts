import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
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

test("an update replaces the old version and removes what it does not have anymore", async () => {
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

test("a folder that is not a repository is refused before anything is written", async () => {
  const wrong = { ...options, repository: folder };
  await expect(install(wrong)).rejects.toMatchObject({
    message: expect.stringContaining("not a Deadline repository"),
  });
  await expect(uninstall(options.repository)).rejects.toMatchObject({
    message: expect.stringContaining("Renderjuice is not installed"),
  });
});

describe("the receipt", () => {
  const RECEIPT = "custom/plugins/Renderjuice/installed.json";
  const HASH = createHash("sha256").update("precious").digest("hex");
  const writeReceipt = (text: string) => write(options.repository, RECEIPT, text);

  test("is on disk as a whole or not at all", async () => {
    await install(options);
    await chmod(join(options.repository, RECEIPT), 0o444);
    const before = await stat(join(options.repository, RECEIPT));
    await install({ ...options, version: "2.0.0" });
    expect(JSON.parse(await read(RECEIPT))).toMatchObject({ version: "2.0.0" });
    // Another file has taken its place.
    expect((await stat(join(options.repository, RECEIPT))).ino).not.toBe(before.ino);
    expect(await readdir(join(options.repository, RECEIPT, ".."))).toHaveLength(2);
  });

  test.each([
    ["empty", "", /is damaged\. It is empty\. Nothing was changed/],
    ["cut off", '{"version": "1.0.0", "fi', /is damaged\. It is not JSON/],
    ["of another shape", '{"files": []}', /is damaged/],
    ["without hashes", `{"version": "1", "files": {"${EVENT}": "x"}}`, /A hash is not valid/],
  ])("that is %s is explained, with what to do", async (_what, text, message) => {
    await install(options);
    await writeReceipt(text);
    for (const work of [() => inspect(options), () => install(options), () => uninstall(options.repository)])
      await expect(work()).rejects.toMatchObject({
        code: "invalid_option",
        message: expect.stringMatching(message),
        hint: expect.stringContaining("install again"),
      });
    await rm(join(options.repository, RECEIPT));
    await install(options);
    expect(await uninstall(options.repository)).toMatchObject({ kept: [] });
  });

  test.each([
    "../outside.txt",
    "custom/../../outside.txt",
    "custom/plugins/../../../outside.txt",
    "/outside.txt",
    "C:/outside.txt",
    "custom\\..\\outside.txt",
    "custom/a\\..\\..\\..\\outside.txt",
    "plugins/Blender/Blender.py",
    "custom",
    "",
  ])("that names %j removes nothing", async (path) => {
    await write(folder, "outside.txt", "precious");
    await write(options.repository, "plugins/Blender/Blender.py", "precious");
    await writeReceipt(JSON.stringify({ version: "1", files: { [path]: HASH } }));
    await expect(uninstall(options.repository)).rejects.toMatchObject({
      message: expect.stringContaining("does not install"),
    });
    await expect(install(options)).rejects.toMatchObject({ code: "invalid_option" });
    expect(await readFile(join(folder, "outside.txt"), "utf8")).toBe("precious");
    expect(await read("plugins/Blender/Blender.py")).toBe("precious");
  });

  test.each([
    ["a folder", "custom/events/Link", "custom/events/Link/precious.txt"],
    ["a file", "custom/events/link.txt", "custom/events/link.txt"],
  ])("that leads out through a link to %s removes nothing", async (_what, link, path) => {
    await write(folder, "elsewhere/precious.txt", "precious");
    await mkdir(join(options.repository, "custom/events"), { recursive: true });
    const target = path === link ? "elsewhere/precious.txt" : "elsewhere";
    await symlink(join(folder, target), join(options.repository, link));
    await writeReceipt(JSON.stringify({ version: "1", files: { [path]: HASH } }));
    await expect(uninstall(options.repository)).rejects.toMatchObject({
      message: expect.stringMatching(/leads out of .* through a link/),
    });
    expect(await readFile(join(folder, "elsewhere/precious.txt"), "utf8")).toBe("precious");
  });
});

test("nothing is installed through a link that leads out of the repository", async () => {
  await mkdir(join(folder, "elsewhere"));
  await mkdir(join(options.repository, "custom/events"));
  await symlink(join(folder, "elsewhere"), join(options.repository, "custom/events/Renderjuice"));
  await expect(install(options)).rejects.toMatchObject({ message: expect.stringContaining("leads out") });
  expect(await readdir(join(folder, "elsewhere"))).toEqual([]);
});

test("a studio may keep its custom folder elsewhere, behind a link", async () => {
  await rm(join(options.repository, "custom"), { recursive: true });
  await mkdir(join(folder, "share"));
  await symlink(join(folder, "share"), join(options.repository, "custom"));
  await install(options);
  expect(await read(EVENT)).toBe("event 1");
  expect(await uninstall(options.repository)).toMatchObject({ kept: [] });
});

test("an update that was cut off is not taken for changes by hand", async () => {
  await install(options);
  await write(options.packageRoot, `repository/${EVENT}`, "event 2");
  await write(options.repository, EVENT, "event 2");
  expect(await install({ ...options, version: "2.0.0" })).toEqual([]);
});

async function write(root: string, path: string, text: string): Promise<void> {
  await mkdir(join(root, path, ".."), { recursive: true });
  await writeFile(join(root, path), text);
}

function read(path: string): Promise<string> {
  return readFile(join(options.repository, path), "utf8");
}
