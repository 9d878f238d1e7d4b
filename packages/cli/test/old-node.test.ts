import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { explainOldNode } from "../src/old-node.ts";

test.each(["20.20.2", "22.18.0", "18.0.0"])("Node %s gets a message that says what is needed", (version) => {
  expect(explainOldNode(version, ">=22.19")).toMatch(
    new RegExp(`^Node 22\\.19 or newer is needed; this is ${version.replaceAll(".", "\\.")}\\. Install`),
  );
});

test.each(["22.19.0", "22.20.1", "24.0.0"])("Node %s is new enough", (version) => {
  expect(explainOldNode(version, ">=22.19")).toBeUndefined();
});

test("nothing that an old Node lacks is imported before the message", async () => {
  const read = (name: string) => readFile(new URL(`../src/${name}`, import.meta.url), "utf8");
  const importsOf = (source: string) => source.match(/^import .*$/gm) ?? [];
  expect(importsOf(await read("main.ts"))).toEqual([
    'import nodeModule from "node:module";',
    'import manifest from "../package.json" with { type: "json" };',
    'import { explainOldNode } from "./old-node.ts";',
  ]);
  expect(importsOf(await read("old-node.ts"))).toEqual([]);
});
