import { describe, expect, test } from "vitest";
import { buildRenderConfig } from "./build-render-config.ts";
import { foldEvent, initialState, isRenderOver, type JobEvent, mayBeRendering } from "./job-event.ts";

const jobId = "j1";
const job = { id: jobId, status: "completed" } as const;
const file = { relativePath: "a_1.png", path: "/a_1.png", sizeBytes: 1, wasSkipped: false };
const failed = { relativePath: "a_2.png", code: "download_corrupt", reason: "It is cut off." } as const;
const summary = { outDir: "/", files: [file], missingFrames: [], missingParts: [], failedFiles: [failed] };

const stateAfter = (events: readonly JobEvent[], knownId?: string) =>
  events.reduce(foldEvent, initialState(knownId));

const WAY: readonly [event: JobEvent, phase: string, mayCost: boolean][] = [
  [{ type: "preflight-finished", report: { issues: [], isOk: true } }, "preparing", false],
  [{ type: "upload-started", fileName: "a.blend", sizeBytes: 9 }, "uploading", false],
  [{ type: "upload-progressed", sentBytes: 5, totalBytes: 9 }, "uploading", false],
  [{ type: "upload-finished", slug: "s" }, "uploading", false],
  [{ type: "create-started", slug: "s" }, "creating", false],
  [{ type: "job-created", jobId }, "validating", false],
  [{ type: "validate-started", jobId }, "validating", false],
  [{ type: "status-changed", jobId, status: "validating" }, "validating", false],
  [{ type: "job-validated", jobId, analysis: {} }, "validating", false],
  [{ type: "render-started", jobId, config: buildRenderConfig() }, "starting", true],
  [{ type: "render-accepted", jobId, wasReplayed: false }, "rendering", true],
  [{ type: "status-changed", jobId, status: "suspended" }, "rendering", true],
  [{ type: "render-progressed", jobId, completedFrames: 1, totalFrames: 2 }, "rendering", true],
  [{ type: "job-finished", jobId, job }, "rendered", false],
  [{ type: "download-started", outDir: "/", fileCount: 2 }, "downloading", false],
  [{ type: "file-finished", file }, "downloading", false],
  [{ type: "file-failed", file: failed }, "downloading", false],
  [{ type: "download-finished", summary }, "downloaded", false],
];

test("each step has its phase, and tells whether it may cost something", () => {
  const events = WAY.map(([event]) => event);
  const seen = WAY.map((_, index) => stateAfter(events.slice(0, index + 1)));
  expect(seen.map((state) => [state.phase, mayBeRendering(state)])).toEqual(
    WAY.map(([, phase, mayCost]) => [phase, mayCost]),
  );
  expect(stateAfter(events)).toMatchObject({
    slug: "s",
    jobId,
    sentBytes: 5,
    completedFrames: 1,
    totalFrames: 2,
    fetchedFiles: 2,
    totalFiles: 2,
    status: "completed",
    job,
    downloads: summary,
  });
});

test("a job that is there already may be rendering until something is heard of it", () => {
  expect(mayBeRendering(initialState(jobId))).toBe(true);
  const idle = stateAfter([{ type: "job-attached", jobId, status: "validated" }], jobId);
  expect(idle).toMatchObject({ phase: "validating", isAttached: true });
  expect(mayBeRendering(idle)).toBe(false);
});

describe("what may be rendering stays so", () => {
  const started: readonly JobEvent[] = [
    { type: "job-created", jobId },
    { type: "render-started", jobId, config: buildRenderConfig() },
  ];
  const accepted: JobEvent = { type: "render-accepted", jobId, wasReplayed: false };
  const validated: JobEvent = { type: "job-validated", jobId, analysis: {} };

  test.each<[string, readonly JobEvent[], string?]>([
    [
      "when an old answer comes after the start",
      [...started, accepted, { type: "status-changed", jobId, status: "validated" }],
    ],
    ["when it was left suspended and is validated again", [{ type: "validate-started", jobId }], jobId],
    [
      "when it has a status that is not known and is validated again",
      [
        { type: "job-attached", jobId, status: "queueing" },
        { type: "validate-started", jobId },
      ],
      jobId,
    ],
    [
      "when somebody else has started it during validation",
      [{ type: "status-changed", jobId, status: "rendering" }, validated],
      jobId,
    ],
  ])("%s", (_, events, knownId) => {
    expect(mayBeRendering(stateAfter(events, knownId))).toBe(true);
  });

  test("until it is over", () => {
    const events: JobEvent[] = [...started, accepted, { type: "status-changed", jobId, status: "canceled" }];
    expect(mayBeRendering(stateAfter(events))).toBe(false);
    expect(isRenderOver(stateAfter([...events, validated]))).toBe(true);
  });
});

test.each(["completed", "failed", "canceled"])("a job that is %s costs nothing anymore", (status) => {
  const state = stateAfter([{ type: "job-attached", jobId, status }]);
  expect([isRenderOver(state), mayBeRendering(state)]).toEqual([true, false]);
});

test("a status that is not known changes nothing", () => {
  expect(stateAfter([{ type: "status-changed", jobId, status: "queueing" }], jobId)).toMatchObject({
    phase: "unknown",
    status: "queueing",
  });
});
