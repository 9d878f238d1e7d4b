import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createSandbox } from "@renderjuice/sandbox";
import { PNG } from "pngjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runWorkflow, type WorkflowOptions } from "../../../hosts/github-runner/run-workflow.ts";
import { newFolder } from "../../../hosts/github-runner/tracked-processes.ts";
import { hasBlender } from "../../../hosts/lib/test-programs.ts";
import { takeSummaryPicture } from "./summary-picture.ts";
import { ACTION_PATH, copyAction, DEMO_SCENE } from "./with-action.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const EXAMPLES = fileURLToPath(new URL("../../../examples/github-workflows", import.meta.url));

// Skipped with a message if there is no Blender; in CI, that is a failure.
describe.skipIf(!(await hasBlender()))("with real Blender, the example workflow", () => {
  let sandbox: Awaited<ReturnType<typeof createSandbox>>;
  beforeAll(async () => {
    sandbox = await createSandbox({ renderer: "blender" });
  });
  afterAll(() => sandbox.close());

  /** Runs an unchanged workflow, in a checkout with the demo scene at these paths. */
  function runExample(name: string, scenes: readonly string[], options: Partial<WorkflowOptions> = {}) {
    return runWorkflow({
      workflow: join(EXAMPLES, name),
      actionFolder: copyAction(),
      actionPath: ACTION_PATH,
      secrets: { RENDERJUICE_API_KEY: sandbox.apiKeys[0] ?? "" },
      machineEnv: { RENDERJUICE_API_URL: sandbox.url },
      prepareWorkspace: (folder) => {
        for (const scene of scenes) copyScene(join(folder, scene));
        writeFileSync(join(folder, "turntable.yml"), "resolutionPercentage: 25\nsampleCount: 4\n");
      },
      ...options,
    });
  }

  test("preview on a pull request", async () => {
    const { conclusion, artifacts, legs } = await runExample("preview-on-pull-request.yml", [
      "scenes/hero.blend",
    ]);
    expect(conclusion).toBe("success");
    expect(artifacts[0]?.files.toSorted()).toEqual(["contact-sheet.png", "hero_0001.png", "hero_0008.png"]);
    const frame = readPng(artifacts[0]?.folder ?? "", "hero_0001.png");
    expect([frame.width, frame.height]).toEqual([240, 135]);
    expect(countColors(frame)).toBeGreaterThan(500);
    const text = await takeSummaryPicture(legs("preview")[0]?.summary ?? "", "summary-preview");
    if (text !== undefined) expect(text).toMatch(/scenes\/hero\.blend\s+✅ completed\s+2/);
  });

  test("nightly turntable", async () => {
    const { conclusion, artifacts, legs } = await runExample("nightly-turntable.yml", [
      "assets/glass/turntable.blend",
      "assets/orange/turntable.blend",
      "assets/_wip/turntable.blend",
    ]);
    expect(conclusion).toBe("success");
    const files = artifacts[0]?.files ?? [];
    expect(files.filter((file) => file.endsWith("_0007.png")).toSorted()).toEqual([
      "assets/glass/turntable/turntable_0007.png",
      "assets/orange/turntable/turntable_0007.png",
    ]);
    await takeSummaryPicture(legs("turntable")[0]?.summary ?? "", "summary-turntable");
  });

  test("matrix over shots, whose legs collect their frames", async () => {
    const { conclusion, artifacts, legs } = await runExample(
      "matrix-over-shots.yml",
      ["shots/sh010/sh010.blend", "shots/sh020/sh020.blend"],
      { inputs: { frames: "1" } },
    );
    expect(conclusion).toBe("success");
    expect(artifacts.map(({ name }) => name)).toEqual(["frames-sh010", "frames-sh020"]);
    const [collect] = legs("collect");
    expect(collect?.log).toContain("frames/frames-sh010/sh010_0001.png");
    expect(collect?.log).toContain("frames/frames-sh020/sh020_0001.png");
  });

  test.each([
    ["goes well", [], "**Render completed**: 3 frames in "],
    ["fails", ["render-crash"], "**Render failed**: 0 frames in "],
  ])("render, then comment, when the render %s", async (_what, faults, comment) => {
    sandbox.faults.add(...faults);
    const { legs } = await runExample("render-then-comment.yml", ["scenes/hero.blend"], {
      programs: [writeFakeGh()],
      github: {
        event_name: "pull_request",
        event: { label: { name: "render" }, pull_request: { number: 7 } },
      },
    });
    const [comments] = legs("comment");
    expect(comments?.result).toBe("success");
    expect(comments?.log).toContain(`gh pr comment 7 --body ${comment}`);
  });

  test("render, then comment, is silent about other labels", async () => {
    const { jobs } = await runExample("render-then-comment.yml", ["scenes/hero.blend"], {
      programs: [writeFakeGh()],
      github: { event_name: "pull_request", event: { label: { name: "bug" }, pull_request: { number: 7 } } },
    });
    expect(jobs.map(({ result }) => result)).toEqual(["skipped", "skipped"]);
  });

  test("try the action, with its own sandbox", async () => {
    const { conclusion, artifacts, jobs } = await runWorkflow({
      workflow: join(ROOT, ".github/workflows/try-the-action.yml"),
      actionFolder: copyAction(),
      actionPath: ACTION_PATH,
      machineEnv: { PATH: process.env.PATH ?? "" },
      prepareWorkspace: linkCheckout,
    });
    expect(jobs[0]?.log).toContain("4 frames in renders");
    expect(conclusion).toBe("success");
    expect(artifacts[0]?.files).toContain("orange-juice_0004.png");
  });
});

function copyScene(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  cpSync(DEMO_SCENE, path);
}

/** Uses this checkout, whose dependencies are installed and whose packages are built. */
function linkCheckout(folder: string): void {
  for (const name of readdirSync(ROOT)) {
    if (name !== ".git") symlinkSync(join(ROOT, name), join(folder, name));
  }
}

/** It prints its arguments. */
function writeFakeGh(): string {
  const folder = newFolder("programs");
  writeFileSync(join(folder, "gh"), '#!/bin/sh\necho "gh $*"\n');
  chmodSync(join(folder, "gh"), 0o755);
  return folder;
}

function readPng(folder: string, file: string): PNG {
  return PNG.sync.read(readFileSync(join(folder, file)));
}

/** An empty picture has few colors. */
function countColors({ data }: PNG): number {
  const colors = new Set<number>();
  for (let offset = 0; offset < data.length; offset += 4) colors.add(data.readUInt32BE(offset));
  return colors.size;
}
