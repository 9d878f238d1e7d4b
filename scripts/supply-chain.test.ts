import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { root } from "./lib/run.ts";
import toolchain from "./toolchain.json" with { type: "json" };

const read = (path: string) => readFileSync(join(root, path), "utf8");

test("the toolchain is pinned to exact versions and hashes, the same that package.json and .nvmrc name", () => {
  expect(`pnpm@${toolchain.pnpm}`).toBe(JSON.parse(read("package.json")).packageManager);
  expect(toolchain.node).toMatch(/^\d+\.\d+\.\d+$/);
  expect(toolchain.node.split(".")[0]).toBe(read(".nvmrc").trim());
  for (const hash of Object.values(toolchain.integrity)) expect(hash).toMatch(/^sha512-[\w+/]{86}==$/);
});

test("nothing of the toolchain runs before its hash was compared", () => {
  const bootstrap = read("scripts/bootstrap.mjs");
  const steps = ['"--ignore-scripts"', "  checkIntegrity();", '"rebuild"'].map((step) =>
    bootstrap.indexOf(step),
  );
  expect(steps).not.toContain(-1);
  expect(steps).toEqual(steps.toSorted((a, b) => a - b));
});

test.each(globSync(".github/workflows/*.yml", { cwd: root }))("%s takes actions by their commit", (path) => {
  const uses = [...read(path).matchAll(/^\s*(?:- )?uses: (.*)$/gm)].map(([, action = ""]) => action);
  expect(uses.length).toBeGreaterThan(0);
  for (const action of uses) expect(action).toMatch(/^\.\/|@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  expect(() => parse(read(path))).not.toThrow();
});

test.each(["pnpm-lock.yaml", "hosts/n8n/installation/pnpm-lock.yaml"])(
  "%s holds a hash of every package, and no address to fetch one from",
  (path) => {
    const lock = parse(read(path)) as { packages: Record<string, { resolution: Record<string, string> }> };
    for (const [name, { resolution }] of Object.entries(lock.packages)) {
      expect(resolution.integrity, name).toMatch(/^sha512-/);
      expect(Object.keys(resolution), name).toEqual(["integrity"]);
    }
  },
);
