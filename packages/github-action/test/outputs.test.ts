import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { parsePairs } from "../../../hosts/github-runner/command-files.ts";
import type { Inputs } from "../src/inputs.ts";
import { Outputs } from "../src/outputs.ts";
import { createRun } from "../src/scene-run.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "renderjuice-outputs-"));
  vi.stubEnv("GITHUB_OUTPUT", join(folder, "output"));
  vi.stubEnv("RUNNER_TEMP", folder);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

async function outputsOf(frames: number): Promise<Record<string, string>> {
  await writeFile(join(folder, "output"), "");
  const files = Array.from({ length: frames }, (_, index) => ({
    path: join(process.cwd(), `renders/frame_${String(index + 1).padStart(4, "0")}.png`),
  }));
  const run = Object.assign(createRun({ name: "shot", outputDir: "renders" }), { downloads: { files } });
  new Outputs({ "output-dir": "renders" } as Inputs).updateAll([run]);
  return Object.fromEntries(parsePairs(await readFile(join(folder, "output"), "utf8")));
}

const readList = async (outputs: Record<string, string>) =>
  JSON.parse(await readFile(outputs["list-file"] ?? "", "utf8"));

test("the files of a small job are an output and in the list", async () => {
  const outputs = await outputsOf(2);
  const files = ["renders/frame_0001.png", "renders/frame_0002.png"];
  expect(JSON.parse(outputs.files ?? "")).toEqual(files);
  expect(await readList(outputs)).toMatchObject({ files, missingFrames: "" });
});

test("the files of 6,000 frames are too many for a variable: they are only in the list", async () => {
  const outputs = await outputsOf(6000);
  expect(outputs.files).toBe("");
  expect((await readList(outputs)).files).toHaveLength(6000);
});
