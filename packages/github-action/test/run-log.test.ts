import { afterEach, expect, test, vi } from "vitest";
import { RunLog } from "../src/run-log.ts";
import { createRun } from "../src/scene-run.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

test("after five minutes of silence, the log says what is still running", async () => {
  const stdout = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const lines = () => stdout.mock.calls.map(([text]) => String(text));
  const scenes = ["failed", "slow"].map((name) => createRun({ name, outputDir: name }));
  let nowMs = 0;
  const log = new RunLog(scenes, { now: () => nowMs, beatMs: 1 });
  for (const scene of scenes)
    log.add(scene, { type: "render-progressed", jobId: scene.name, completedFrames: 2, totalFrames: 8 });
  Object.assign(scenes[0] ?? {}, { error: new Error("It broke.") });
  nowMs = 5 * 60_000;
  await vi.waitFor(() => expect(lines()).toEqual(["slow: Still rendering: 2 of 8 frames, 5 min.\n"]));
});
