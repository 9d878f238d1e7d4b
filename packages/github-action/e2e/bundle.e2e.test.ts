import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { newFolder } from "../../../hosts/github-runner/tracked-processes.ts";

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));
const MAX_BYTES = 1_500_000;

function build(): Buffer {
  const folder = newFolder("bundle");
  const { status, stderr } = spawnSync("pnpm", ["exec", "tsup"], {
    cwd: PACKAGE,
    env: { ...process.env, RENDERJUICE_ACTION_DIST: folder },
    encoding: "utf8",
    timeout: 120_000,
  });
  expect(status, stderr).toBe(0);
  return readFileSync(join(folder, "index.cjs"));
}

test("the committed bundle is what a fresh build gives", () => {
  const committed = execFileSync("git", ["show", ":./dist/index.cjs"], {
    cwd: PACKAGE,
    maxBuffer: 2 * MAX_BYTES,
    timeout: 60_000,
  });
  const isFresh = committed.equals(build());
  expect(isFresh, "Run pnpm build, and commit packages/github-action/dist with the change.").toBe(true);
});

test("is one file of less than 1.5 MB", () => {
  expect(statSync(join(PACKAGE, "dist/index.cjs")).size).toBeLessThan(MAX_BYTES);
  const options = { cwd: PACKAGE, encoding: "utf8", timeout: 60_000 } as const;
  expect(execFileSync("git", ["ls-files", "dist"], options)).toBe("dist/index.cjs\n");
});
