import type { JobRequest } from "../src/job/job-request.ts";

/** A job as Maya writes it. */
export function makeRequest(changes: Partial<JobRequest> = {}): JobRequest {
  return {
    version: 1,
    id: "4f1c4f1c4f1c",
    createdAt: "2026-01-01T00:00:00+00:00",
    blend: null,
    mode: "drop-in",
    assemble: null,
    acceptLoss: false,
    requireComplete: false,
    frames: "1-3",
    settings: {},
    facts: {
      scene: "/juice/scenes/sh010.ma",
      mayaVersion: "2024",
      frames: { start: 1, end: 3, step: 1 },
      fps: 24,
      resolution: { width: 64, height: 36, pixelAspect: 1 },
      cameras: [],
      linearUnit: "cm",
      metersPerUnit: 0.01,
      upAxis: "y",
      renderer: "arnold",
      colorManagement: null,
    },
    leavesChangesOut: false,
    caches: [],
    dependencies: [],
    output: { folder: "/juice/images/renderjuice/sh010", pattern: "sh010_####" },
    ...changes,
  };
}
