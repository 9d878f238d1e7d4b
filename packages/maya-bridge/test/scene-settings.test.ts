import { describe, expect, test } from "vitest";
import type { JobRequest } from "../src/job/job-request.ts";
import { frameRate, sceneSettings } from "../src/scene/scene-settings.ts";
import { makeRequest } from "./job-request.fixture.ts";

type Facts = JobRequest["facts"];
const CAMERA: Facts["cameras"][number] = {
  name: "shotCam",
  path: "|shotCam|shotCamShape",
  focalLengthMm: 35,
  filmWidthMm: 36,
  filmHeightMm: 24,
  filmFit: "fill",
  nearClip: 0.1,
  farClip: 10_000,
};

const settingsOf = (facts: Partial<Facts>) => sceneSettings({ ...makeRequest().facts, ...facts });

describe("frames per second", () => {
  test.each([
    [24, { fps: 24, base: 1 }],
    [23.976, { fps: 24, base: 1.001 }],
    [29.97, { fps: 30, base: 1.001 }],
    [59.94, { fps: 60, base: 1.001 }],
    [47.952, { fps: 48, base: 1.001 }],
  ])("%s", (fps, expected) => {
    expect(frameRate(fps)).toEqual(expected);
  });

  test("others are met exactly", () => {
    const { fps, base } = frameRate(12.5);
    expect([Number.isInteger(fps), fps / base]).toEqual([true, 12.5]);
  });
});

describe("the film back is fitted to the side that Maya fits it to", () => {
  const wide = { width: 1920, height: 1080, pixelAspect: 1 };
  const narrow = { width: 1000, height: 1000, pixelAspect: 1 };
  test.each([
    ["horizontal", narrow, "HORIZONTAL"],
    ["vertical", wide, "VERTICAL"],
    // A film back of 3:2 in an image of 16:9: the image is the wider one.
    ["fill", wide, "HORIZONTAL"],
    ["overscan", wide, "VERTICAL"],
    ["fill", narrow, "VERTICAL"],
    ["overscan", narrow, "HORIZONTAL"],
    ["fill", { ...narrow, pixelAspect: 2 }, "HORIZONTAL"],
  ] as const)("%s at %j", (filmFit, resolution, expected) => {
    expect(settingsOf({ cameras: [{ ...CAMERA, filmFit }], resolution }).cameras[0]?.sensorFit).toBe(
      expected,
    );
  });
});

test("clip planes are meters; without a unit they stay as the .blend has them", () => {
  expect(settingsOf({ cameras: [CAMERA], metersPerUnit: 0.01 }).cameras[0]?.clipM).toEqual([0.001, 100]);
  expect(settingsOf({ cameras: [CAMERA], metersPerUnit: null }).cameras[0]?.clipM).toBeNull();
});

test.each([
  [2, { pixelAspectX: 2, pixelAspectY: 1 }],
  [0.5, { pixelAspectX: 1, pixelAspectY: 2 }],
])("a pixel aspect of %s has no part below 1", (pixelAspect, expected) => {
  expect(settingsOf({ resolution: { width: 720, height: 576, pixelAspect } }).size).toMatchObject(expected);
});
