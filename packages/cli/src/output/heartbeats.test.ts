import { expect, test } from "vitest";
import { Heartbeats } from "./heartbeats.ts";

test("after a minute of silence, each job that is still running has a line", async () => {
  const said = Promise.withResolvers<string>();
  let nowMs = 0;
  const heartbeats = new Heartbeats(said.resolve, { now: () => nowMs, beatMs: 1 });
  heartbeats.add("ended", { type: "job-attached", jobId: "ended", status: "rendering" });
  heartbeats.add("j1", { type: "job-attached", jobId: "j1", status: "rendering" });
  heartbeats.add("j1", { type: "render-progressed", jobId: "j1", completedFrames: 2, totalFrames: 8 });
  heartbeats.remove("ended");
  nowMs = 60_001;
  expect(await said.promise).toBe("j1  Still rendering: 2 of 8 frames, 1 min.");
  heartbeats.stop();
});
