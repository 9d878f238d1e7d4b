import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { createBubblewrap } from "../src/renderers/blender/isolation/bubblewrap.ts";
import { findIsolation } from "../src/renderers/blender/isolation/find-isolation.ts";
import { locateProgram } from "../src/renderers/blender/isolation/program.ts";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

async function createFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "renderjuice-isolation-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

describe("on a machine without bubblewrap and unshare", () => {
  test("scenes run as they are, and the sandbox says so and why", async () => {
    vi.stubEnv("PATH", await createFolder());
    const { kind, description } = await findIsolation("auto", await locateProgram("blender", {}));
    expect(kind).toBe("none");
    expect(description).toMatch(/NOT isolated: bubblewrap cannot be used/);
  });

  test("a sandbox that must isolate does not start, and says what helps", async () => {
    vi.stubEnv("PATH", await createFolder());
    await expect(findIsolation("required", await locateProgram("blender", {}))).rejects.toThrow(
      /bubblewrap cannot be used.*Install bubblewrap/,
    );
  });
});

test("isolation can be switched off", async () => {
  const { kind, description } = await findIsolation("off", await locateProgram("blender", {}));
  expect({ kind, description }).toMatchObject({
    kind: "none",
    description: expect.stringMatching(/^Scenes are NOT isolated, as requested\. /),
  });
});

test.runIf(process.platform === "linux").each([
  ["that can, closes cells to further user namespaces", "true", true],
  [
    "that is too old for it, makes cells all the same",
    'case "$*" in *--disable-userns*) exit 1;; esac',
    false,
  ],
])("bubblewrap %s", async (_what, script, isClosed) => {
  const folder = await createFolder();
  await writeFile(join(folder, "bwrap"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  vi.stubEnv("PATH", `${folder}:${process.env.PATH}`);
  vi.spyOn(process, "getuid").mockReturnValue(1000);
  const isolation = await findIsolation("required", await locateProgram("blender", {}));
  const { command } = isolation.enter({ sceneDir: "/data/scene", workDir: "/data/work" });
  expect(command.includes("--unshare-user")).toBe(isClosed);
  expect(command.includes("--disable-userns")).toBe(isClosed);
});

test("of the folder that Blender lies in, a cell shows what belongs to Blender", async () => {
  const home = await createFolder();
  for (const name of ["4.2", "lib", "private"]) await mkdir(join(home, name));
  for (const name of ["blender", "secrets.txt"]) await writeFile(join(home, name), "", { mode: 0o755 });
  const isolation = await createBubblewrap(await locateProgram(join(home, "blender"), {}), true);
  const { command } = isolation.enter({ sceneDir: "/data/scene", workDir: "/data/work" });
  const shown = command.filter((argument) => argument.startsWith(home));
  expect(shown.sort()).toEqual(["4.2", "blender", "lib"].map((name) => join(home, name)).sort());
  expect(command.at(-1)).toBe("/blender/blender");
});
