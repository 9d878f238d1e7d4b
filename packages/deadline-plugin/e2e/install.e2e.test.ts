import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { BUNDLE, runBundle } from "./studio.ts";

let repository: string;

beforeEach(async () => {
  repository = await mkdtemp(join(tmpdir(), "Deadline Repository "));
  for (const folder of ["custom", "plugins"]) await mkdir(join(repository, folder));
});
afterEach(() => rm(repository, { recursive: true }));

test("install says what is left to do in the Monitor, and --check finds nothing wrong", async () => {
  const { stdout } = await runBundle("install", "--repository", repository);
  expect(stdout).toContain("Configure Plugins, Renderjuice");
  expect(stdout).toContain("Configure Events, Renderjuice");
  expect((await runBundle("install", "--check", "--repository", repository)).stdout).toContain(
    "as it should be",
  );
});

test("--check names a file that was changed, and ends with 2", async () => {
  await runBundle("install", "--repository", repository);
  await writeFile(join(repository, "custom/events/Renderjuice/Renderjuice.param"), "[State]\n");
  const { code, stdout } = await runToEnd("install", "--check", "--repository", repository);
  expect(stdout).toContain("changed by hand: custom/events/Renderjuice/Renderjuice.param");
  expect(code).toBe(2);
});

test("--uninstall leaves a repository as it was", async () => {
  await runBundle("install", "--repository", repository);
  await runBundle("install", "--uninstall", "--repository", repository);
  const { code, stderr } = await runToEnd("install", "--uninstall", "--repository", repository);
  expect(stderr).toContain("Renderjuice is not installed");
  expect(code).toBe(2);
});

test("a folder that is not a repository is refused with what to give instead", async () => {
  const { code, stderr } = await runToEnd("install", "--repository", join(repository, "custom"));
  expect(stderr).toContain("is not a Deadline repository");
  expect(stderr).toContain("deadlinecommand -GetRepositoryRoot");
  expect(code).toBe(2);
});

test("an old Node is named, with what to do about it", async () => {
  const old = join(repository, "old-node.cjs");
  await writeFile(
    old,
    'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.19.0" } });',
  );
  const { stdout } = await promisify(execFile)(process.execPath, ["-r", old, BUNDLE, "run"]).catch(
    (error) => error,
  );
  expect(stdout).toMatch(/^RJ-FAIL: .* is Node 20\.19\.0; Renderjuice needs 22\.19 or later\./);
});

function runToEnd(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [BUNDLE, ...args], (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}
