import { describe, expect, test } from "vitest";
import type { JobEvent } from "../lifecycle/job-event.ts";
import { Pace } from "./pace.ts";
import { ProgressReport } from "./progress-report.ts";

/** A report whose clock is moved by the test. */
function createReport(isLive: boolean) {
  let nowMs = 0;
  const report = new ProgressReport({ isLive, now: () => nowMs });
  return {
    add: (event: JobEvent) => report.add(event),
    live: (columns?: number) => report.liveLines(columns),
    heartbeat: (silenceMs?: number) => report.heartbeat(silenceMs),
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
}

const frames = (completedFrames: number, totalFrames = 10): JobEvent => ({
  type: "render-progressed",
  jobId: "j1",
  completedFrames,
  totalFrames,
});

describe("on a terminal", () => {
  test("shows how much is done, how fast, and what is left", () => {
    const report = createReport(true);
    report.add({ type: "upload-started", fileName: "shot.blend", sizeBytes: 10_000_000 });
    const send = (sentBytes: number) => {
      report.add({ type: "upload-progressed", sentBytes, totalBytes: 10_000_000 });
      return report.live();
    };
    report.pass(1000);
    expect(send(2_000_000)).toEqual(["  shot.blend · 1s", "  ███░░░░░░░░░░░░░ uploading 2 MB of 10 MB"]);
    report.pass(4000);
    expect(send(6_000_000)).toEqual([
      "  shot.blend · 5s",
      "  ██████████░░░░░░ uploading 6 MB of 10 MB, 1 MB/s, about 4s left",
    ]);
  });

  test("counts down between two frames instead of jumping", () => {
    const report = createReport(true);
    report.add(frames(0));
    report.pass(4000);
    report.add(frames(1));
    expect(report.live().at(-1)).toContain("rendering 1 of 10 frames, 4s per frame, about 36s left");
    report.pass(3000);
    expect(report.live().at(-1)).toContain("rendering 1 of 10 frames, 4s per frame, about 33s left");
  });

  test("fits the terminal", () => {
    const report = createReport(true);
    report.add({ type: "upload-started", fileName: "x".repeat(200), sizeBytes: 1 });
    for (const line of report.live(40)) expect(line.length).toBeLessThanOrEqual(40);
  });
});

describe("without a terminal", () => {
  test("says something at each tenth, and not more often than every two seconds", () => {
    const report = createReport(false);
    const lines: string[] = [];
    for (let done = 0; done <= 10; done++) {
      lines.push(...report.add(frames(done)));
      report.pass(1000);
    }
    expect(lines).toEqual([
      "  20% (2 of 10 frames)",
      "  40% (4 of 10 frames)",
      "  60% (6 of 10 frames)",
      "  80% (8 of 10 frames)",
    ]);
  });

  test.each([
    [5, "Rendered 5 frames in 3s."],
    [undefined, "Rendered in 3s."],
  ])("says how many were rendered when the farm says so (%s)", (totalFrames, line) => {
    const report = createReport(false);
    report.add({
      type: "render-progressed",
      jobId: "j1",
      completedFrames: 2,
      ...(totalFrames && { totalFrames }),
    });
    report.pass(3000);
    const job = { id: "j1", status: "completed" } as const;
    expect(report.add({ type: "job-finished", jobId: "j1", job })).toEqual([line]);
  });

  test("says how many files have come, not how many were planned", () => {
    const report = createReport(false);
    report.add({ type: "download-started", outDir: "/out", fileCount: 3 });
    report.pass(3000);
    const file = { relativePath: "a.png", path: "/out/a.png", sizeBytes: 1, wasSkipped: false };
    const summary = { outDir: "/out", files: [file], missingFrames: [], missingParts: [], failedFiles: [] };
    expect(report.add({ type: "download-finished", summary })).toEqual(["Downloaded 1 file in 3s."]);
  });

  test.each([
    [1, 2, "Downloaded 1 file in 0ms. 2 files were already there."],
    [0, 1, "Downloaded 0 files in 0ms. 1 file was already there."],
  ])("tells the files that it has fetched (%i) from those that were there (%i)", (fetched, present, line) => {
    const report = createReport(false);
    report.add({ type: "download-started", outDir: "/out", fileCount: fetched + present });
    const files = Array.from({ length: fetched + present }, (_, index) => ({
      relativePath: `${index}.png`,
      path: `/out/${index}.png`,
      sizeBytes: 1,
      wasSkipped: index >= fetched,
    }));
    const summary = { outDir: "/out", files, missingFrames: [], missingParts: [], failedFiles: [] };
    expect(report.add({ type: "download-finished", summary })).toEqual([line]);
  });

  test("tells the frames of the scene from those that were requested", () => {
    const report = createReport(false);
    const analysis = { renderEngine: "CYCLES", frameStart: 1, frameEnd: 8, fps: 24 };
    expect(report.add({ type: "job-validated", jobId: "j1", analysis })).toEqual([
      "Validated. The scene: CYCLES, frames 1 to 8, 24 fps.",
    ]);
    const config = { colorManagementPreset: "default", frameRanges: ["1-4", "7"] };
    expect(report.add({ type: "render-started", jobId: "j1", config })).toEqual([]);
    expect(report.add({ type: "render-accepted", jobId: "j1", wasReplayed: false })).toEqual([
      "Render started: frames 1-4, 7.",
    ]);
  });

  test("gives the percentage of what it names beside it", () => {
    const report = createReport(false);
    report.add(frames(0, 8));
    report.pass(3000);
    expect(report.add(frames(3, 8))).toEqual(["  37% (3 of 8 frames)"]);
  });

  test("a retry is announced, but not a rate limit: that one concerns the whole client", () => {
    const retry = {
      type: "retry-scheduled",
      operation: "get job",
      attempt: 2,
      delayMs: 30_000,
      message: "The connection was lost.",
    } as const;
    const report = createReport(false);
    expect(report.add({ ...retry, isRateLimit: false })).toEqual([
      "  The connection was lost. Trying again in 30s (attempt 2).",
    ]);
    expect(report.add({ ...retry, isRateLimit: true })).toEqual([]);
  });
});

describe("pace", () => {
  test("knows nothing before the first unit is done", () => {
    const pace = new Pace(0);
    pace.add(0, 500);
    expect(pace.perSecond(1000)).toBeUndefined();
    expect(pace.restMs(10, 1000)).toBeUndefined();
  });

  test("follows the last seconds, not the whole", () => {
    const pace = new Pace(0);
    for (let second = 1; second <= 60; second++)
      pace.add(second <= 30 ? second : 30 + (second - 30) * 10, second * 1000);
    expect(pace.perSecond(60_000)).toBeCloseTo(10);
  });

  test("falls when the next unit is late", () => {
    const pace = new Pace(0);
    pace.add(1, 1000);
    expect(pace.perSecond(2000)).toBeCloseTo(1);
    expect(pace.perSecond(11_000)).toBeLessThan(0.2);
  });

  test("of an upload waits until the buffers are full", () => {
    const pace = new Pace(0, { settleMs: 3000 });
    const add = (seconds: number, done: number) => {
      pace.add(done, seconds * 1000);
      return pace.perSecond(seconds * 1000);
    };
    expect([add(0.1, 4_000_000), add(1, 4_100_000), add(2.9, 4_300_000), add(3.5, 4_360_000)]).toEqual(
      Array(4).fill(undefined),
    );
    expect(add(8, 4_810_000)).toBeCloseTo(100_000);
    // Another attempt fills them once more.
    expect(add(9, 3_000_000)).toBeUndefined();
    expect(add(11, 3_200_000)).toBeUndefined();
    expect(add(15, 3_600_000)).toBeCloseTo(100_000);
  });

  test("starts over when an upload starts over", () => {
    const pace = new Pace(0);
    pace.add(1000, 1000);
    pace.add(100, 2000);
    pace.add(300, 3000);
    expect(pace.perSecond(3000)).toBeCloseTo(200);
  });
});

describe("the heartbeat", () => {
  const minute = 60_000;

  test("tells what still goes on after a minute of silence, and not before", () => {
    const report = createReport(false);
    expect(report.heartbeat()).toBeUndefined();
    report.add({ type: "job-created", jobId: "j1" });
    report.pass(minute - 1);
    expect(report.heartbeat()).toBeUndefined();
    report.pass(1);
    expect(report.heartbeat()).toBe("Still validating, 1 min.");
    report.pass(minute / 2);
    expect(report.heartbeat()).toBeUndefined();
    report.pass(minute / 2);
    expect(report.heartbeat()).toBe("Still validating, 2 min.");
  });

  test("counts the frames, from the start of the render", () => {
    const report = createReport(false);
    report.add({ type: "job-created", jobId: "j1" });
    report.pass(5 * minute);
    report.add(frames(3));
    report.pass(65 * minute);
    expect(report.heartbeat()).toBe("Still rendering: 3 of 10 frames, 1 h 5 min.");
  });

  test("comes as rarely as requested, and ends with the job", () => {
    const report = createReport(false);
    report.add(frames(3));
    report.pass(4 * minute);
    expect(report.heartbeat(5 * minute)).toBeUndefined();
    report.pass(minute);
    expect(report.heartbeat(5 * minute)).toBe("Still rendering: 3 of 10 frames, 5 min.");
    report.add({ type: "job-finished", jobId: "j1", job: { id: "j1", status: "completed" } });
    report.pass(10 * minute);
    expect(report.heartbeat()).toBeUndefined();
  });
});
