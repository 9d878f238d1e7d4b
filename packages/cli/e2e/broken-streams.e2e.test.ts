import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { DEMO_SCENE } from "./scenes.ts";
import { CLI, startSandbox } from "./with-cli.ts";

/** @returns the remaining output when a shell runs it, and the exit code of the program (not of its reader) */
function inShell(setup: Awaited<ReturnType<typeof startSandbox>>, args: string[], redirect: string) {
  const { promise, resolve } = Promise.withResolvers<{ exitCode: number; stdout: string; stderr: string }>();
  const script = `set -o pipefail; "$@" ${redirect}`;
  const env = { PATH: process.env.PATH, HOME: "/nonexistent", NO_COLOR: "1", ...setup.env };
  execFile("bash", ["-c", script, "bash", ...CLI, ...args], { env }, (error, stdout, stderr) =>
    resolve({ exitCode: Number(error?.code ?? 0), stdout, stderr }),
  );
  return promise;
}

describe.concurrent("a job is followed to its end when", () => {
  test.each([
    ["nobody reads its events", ["--json"], "| head -1"],
    ["nobody reads anything", ["--json", "--verbose"], "2>&1 | head -3"],
    ["nobody reads the messages", ["--verbose"], "2>&1 >/dev/null | head -1"],
    ["the disk for its events is full", ["--json"], "> /dev/full"],
    ["the disk for its log is full", ["--verbose"], "2> /dev/full"],
  ])("although %s", async (_how, globals, redirect) => {
    await using setup = await startSandbox();
    const out = join(setup.folder, "frames");
    const args = [...globals, "submit", DEMO_SCENE, "--frames", "1-3", "--out", out];
    const { exitCode, stderr } = await inShell(setup, args, redirect);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect((await readdir(out)).filter((name) => name.endsWith(".png"))).toHaveLength(3);
    if (redirect === "> /dev/full")
      expect(stderr).toMatch(/^✖ Standard output could not be written \(ENOSPC\)\.\n.*status [\w-]+\n$/);
  });

  test("with its own exit code", async () => {
    await using setup = await startSandbox({ faults: ["render-crash"] });
    const args = ["--json", "submit", DEMO_SCENE, "--frames", "1-3"];
    expect(await inShell(setup, args, "| head -1")).toMatchObject({ exitCode: 6 });
  });
});

describe.concurrent("output that cannot be printed", () => {
  test("is a failure if the disk is full, but not if nobody reads it", async () => {
    await using setup = await startSandbox();
    expect(await inShell(setup, ["list"], "| head -0")).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await inShell(setup, ["list"], "> /dev/full")).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: "✖ Standard output could not be written (ENOSPC).\n",
    });
  });

  test("ends watch when nobody is reading anymore", async () => {
    await using setup = await startSandbox({ simulatedStepMs: 300 });
    await setup.run("submit", DEMO_SCENE, "--frames", "1-500", "--no-wait");
    expect(await inShell(setup, ["--json", "watch"], "| head -0")).toMatchObject({ exitCode: 0 });
  });
});
