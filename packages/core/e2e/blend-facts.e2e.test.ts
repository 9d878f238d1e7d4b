import { execFile } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { findBlender } from "@renderjuice/sandbox";
import { describe, expect, onTestFinished, test } from "vitest";
import { hasBlender } from "../../../hosts/lib/test-programs.ts";
import { inspectScene } from "../src/node/index.ts";
import { expectSame, needlessPaths, parseReport, pathsMissingIn } from "../test/blend/blender-report.ts";

const MAKE_FIXTURES = fileURLToPath(new URL("../test/blend/make_fixtures.py", import.meta.url));

/** Those in `RENDERJUICE_BLENDERS`, separated as in `PATH`; otherwise the one on this machine. */
async function findBlenders(): Promise<string[]> {
  const list = process.env.RENDERJUICE_BLENDERS;
  if (list) return list.split(delimiter);
  return (await hasBlender()) ? [(await findBlender()).executable] : [];
}

describe.each(await findBlenders())("%s", (blender) => {
  test("facts are what Blender says about a scene that it has just made", async () => {
    const folder = mkdtempSync(join(tmpdir(), "renderjuice-blend-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const options = ["--background", "--factory-startup", "--python-exit-code", "1"];
    await promisify(execFile)(blender, [...options, "--python", MAKE_FIXTURES, "--", folder]);
    const [scene = ""] = globSync(join(folder, "*.blend"));
    const report = parseReport(readFileSync(scene.replace(/\.blend$/, ".facts.json"), "utf8"));
    const facts = await inspectScene(scene);
    for (const key of Object.keys(report.facts)) expectSame(facts, report, key);
    expect(pathsMissingIn(facts, report).toSorted()).toEqual(needlessPaths(folder).toSorted());
  });
});
