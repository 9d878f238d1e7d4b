import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { run } from "./run.ts";
import { countTests } from "./test-log.ts";

test("a command that hangs is ended with what it started, and it is said what that was", async () => {
  const said = vi.spyOn(console, "error").mockReturnValue(undefined);
  const file = join(await mkdtemp(join(tmpdir(), "run-")), "pid");

  const exitCode = await run("sh", ["-c", `sleep 600 & echo $! > ${file}; wait`], { limitMs: 500 });

  expect(exitCode).toBe(1);
  expect(said.mock.calls.join("\n")).toContain("sleep 600");
  const child = (await readFile(file, "utf8")).trim();
  await expect.poll(() => stateOf(child)).toMatch(/^(Z.*)?$/);
});

test("a command that works for long is left alone while it writes, and ended when it is silent", async () => {
  const said = vi.spyOn(console, "error").mockReturnValue(undefined);
  const file = join(await mkdtemp(join(tmpdir(), "run-")), "log");
  await writeFile(file, "");
  const writes = `for i in 1 2 3 4 5 6; do echo passed >> ${file}; sleep 0.3; done`;

  expect(await run("sh", ["-c", `${writes}; exit 3`], { silence: { file, limitMs: 3000 } })).toBe(3);
  expect(said).not.toHaveBeenCalled();

  expect(await run("sh", ["-c", `${writes}; sleep 600`], { silence: { file, limitMs: 3000 } })).toBe(1);
  expect(said.mock.calls.join("\n")).toContain("Nothing has happened for 3 s.");
  expect(countTests(file)).toEqual({ passed: 12, failed: 0, skipped: 0 });
});

test("a command that ends in time gives its exit code", async () => {
  expect(await run("sh", ["-c", "exit 3"], { limitMs: 60_000 })).toBe(3);
});

/** As ps tells it; a zombie is Z, one that is gone nothing. */
const stateOf = (pid: string) =>
  spawnSync("ps", ["-o", "stat=", "-p", pid], { encoding: "utf8" }).stdout.trim();
