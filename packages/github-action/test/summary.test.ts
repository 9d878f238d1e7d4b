import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Job } from "@renderjuice/core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Inputs } from "../src/inputs.ts";
import { createRun, type SceneRun } from "../src/scene-run.ts";
import { isPublicUrl, writeSummary } from "../src/summary.ts";

const INPUTS = { settings: {}, "output-dir": "renders" } as Inputs;

function createScene(name: string, job: Partial<Job> = {}): SceneRun {
  return Object.assign(createRun({ name, outputDir: "renders" }), {
    status: "completed",
    jobId: name,
    job: { id: name, status: "completed", ...job },
  });
}

// The toolkit keeps using the first file that it sees.
let file: string;
beforeAll(async () => {
  file = join(await mkdtemp(join(tmpdir(), "renderjuice-summary-")), "summary");
  vi.stubEnv("GITHUB_STEP_SUMMARY", file);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(dirname(file), { recursive: true });
});

async function summaryOf(runs: readonly SceneRun[], inputs = INPUTS): Promise<string> {
  await writeFile(file, "");
  await writeSummary(runs, inputs);
  return readFile(file, "utf8");
}

test("GitHub drops a summary that is larger than 1 MiB: with thousands of scenes, it shows the failed ones", async () => {
  const runs = Array.from({ length: 5000 }, (_, index) =>
    createScene(`shots/${"x".repeat(100)}/${index}.blend`),
  );
  const failed = createScene("shots/failed.blend");
  failed.error = new Error("It broke.");
  const summary = await summaryOf([...runs, failed]);
  expect(summary.length).toBeLessThan(200_000);
  expect(summary).toContain("shots/failed.blend");
  expect(summary).toContain("… and 4801 more scenes.");
});

test.each([
  ["every second one of 5,000 frames missing", "shot", "slow"],
  ["hostile names and reasons", '<&"👻'.repeat(2000), '<&"👻'.repeat(2000)],
])("200 scenes with %s have a summary that GitHub shows", async (_what, name, reason) => {
  const missingFrames = Array.from({ length: 5000 }, (_, index) => 2 * index + (index % 7 === 0 ? 1 : 0));
  const runs = Array.from({ length: 200 }, (_, index) =>
    Object.assign(
      createScene(`${name}${index}`, { previewUrl: `https://cdn.example.com/${"a".repeat(100_000)}` }),
      {
        ...{ renderedFrames: 5000, missingFrames, missingFiles: [`//${name}`], missingParts: [reason] },
        error: index % 2 ? new Error(reason) : undefined,
      },
    ),
  );
  const frames = ["1-10000x2", ...Array.from({ length: 5000 }, (_, index) => String(20_000 + 2 * index))];
  const summary = await summaryOf(runs, { ...INPUTS, frames });
  expect(Buffer.byteLength(summary)).toBeLessThan(1024 ** 2);
  expect(summary).toContain("</table>");
});

test("names and reasons are text, whatever they contain", async () => {
  const run = createScene('shot<img src=x>"\n\n# heading\n\n[link](https://example.com)\u001b[2J.blend', {
    previewUrl: 'https://cdn.example.com/a.png"><script>alert(1)</script>',
  });
  run.status = "failed";
  run.error = new Error("<script>alert(1)</script>\n\n![picture](https://example.com/a.png)");
  const summary = await summaryOf([run]);
  for (const part of ["<script", "<img src=x", "\u001b"]) expect(summary).not.toContain(part);
  expect(summary).not.toMatch(/\n\s*\n\s*(#|\[|!)/);
});

test("shows a picture only if its URL is not signed", async () => {
  const summary = await summaryOf([
    createScene("open.blend", { previewUrl: "https://cdn.example.com/open.png" }),
    createScene("signed.blend", { previewUrl: "https://cdn.example.com/signed.png?token=abc" }),
  ]);
  expect(summary).toContain('src="https://cdn.example.com/open.png"');
  expect(summary).not.toContain("signed.png");
});

test.each([
  ["https://cdn.example.com/a.png", true],
  ["http://cdn.example.com/a.png", false],
  ["https://cdn.example.com/a.png?X-Amz-Signature=1", false],
  ["https://user@cdn.example.com/a.png", false],
  ["data:image/png;base64,AA", false],
  [null, false],
])("%s is public: %s", (url, expected) => {
  expect(isPublicUrl(url)).toBe(expected);
});
