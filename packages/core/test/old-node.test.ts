import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { explainOldNode } from "../src/node/old-node.ts";

test.each(["20.20.2", "22.18.0", "18.0.0"])("Node %s gets a message that says what is needed", (version) => {
  expect(explainOldNode(version, ">=22.19")).toMatch(
    new RegExp(`^Node 22\\.19 or newer is needed; this is ${version.replaceAll(".", "\\.")}\\. Install`),
  );
});

test.each(["22.19.0", "22.20.1", "24.0.0"])("Node %s is new enough", (version) => {
  expect(explainOldNode(version, ">=22.19")).toBeUndefined();
});

const CHECK = 'import { explainOldNode } from "@renderjuice/core/adapter/old-node";';
const MANIFEST = 'import manifest from "../package.json" with { type: "json" };';

test.each([
  ["core/src/node/old-node.ts", []],
  ["cli/src/main.ts", ['import nodeModule from "node:module";', CHECK, MANIFEST]],
  ["maya-bridge/src/main.ts", [CHECK, MANIFEST]],
])("%s imports nothing before the message that an old Node lacks", async (path, imports) => {
  const source = await readFile(new URL(`../../${path}`, import.meta.url), "utf8");
  expect(source.match(/^import .*$/gm) ?? []).toEqual(imports);
});
