import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { expectSame, needlessPaths, parseReport, pathsMissingIn } from "./blender-report.ts";
import { compressZstd } from "./compress-zstd.ts";
import { readFactsOf } from "./read-facts-of.ts";
import { unzstdAll } from "./unzstd-all.ts";

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const factsOf = (version: string) =>
  readFactsOf(readFileSync(fixture(`${version}.blend`)), `${version}.blend`);

// Each scene refers to every kind of external file. What Blender says about it was reported by its own Python.
describe.each(["3.4", "4.3", "5.2"])("a scene of Blender %s", (version) => {
  const report = parseReport(readFileSync(fixture(`${version}.facts.json`), "utf8"));

  test.each(Object.keys(report.facts))("has the same %s as in Blender", async (key) => {
    expectSame(await factsOf(version), report, key);
  });

  test("has every path that Blender lists itself", async () => {
    expect(pathsMissingIn(await factsOf(version), report)).toEqual(needlessPaths("/scene"));
  });

  // Without a screen, Blender 4.3 stores none.
  test.skipIf(version === "4.3")("has a thumbnail", async () => {
    const { thumbnail } = await factsOf(version);
    expect(thumbnail).toMatchObject({ width: 128, height: 128 });
    expect(thumbnail?.pixels.length).toBe(128 * 128 * 4);
  });

  test("has the same facts however it is compressed", async () => {
    const name = `${version}.blend`;
    const facts = await factsOf(version);
    const plain = unzstdAll(readFileSync(fixture(name)));
    expect(await readFactsOf(plain, name)).toEqual({ ...facts, compression: "none" });
    expect(await readFactsOf(gzipSync(plain), name)).toEqual({ ...facts, compression: "gzip" });
    expect(await readFactsOf(zstdCompressSync(plain), name)).toEqual(facts);
    expect(await readFactsOf(compressZstd(plain, 64 * 1024), name)).toEqual(facts);
  });
});
