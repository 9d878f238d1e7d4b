import { expect, test } from "vitest";
import { jobSchema } from "../contract/job.ts";
import { requestedSettings } from "./requested-settings.ts";

const settingsOf = (requestedConfig: unknown) =>
  requestedSettings(jobSchema.parse({ id: "j1", status: "failed", requestedConfig }));

test("frames, settings and those of the output are taken; notes are not", () => {
  const settings = { frameRanges: ["1-3"], sampleCount: 8, outputSettings: { quality: 90 } };
  expect(settingsOf({ ...settings, notes: "[tag]" })).toEqual(settings);
});

test("what the server has added, or has written in another way, is left out", () => {
  const config = { sampleCount: 8, fps: "many", gpu: "A100", outputSettings: { quality: 90, tone: 1 } };
  expect(settingsOf(config)).toEqual({ sampleCount: 8, outputSettings: { quality: 90 } });
});

test.each([undefined, null, {}, "text"])("without a config there are none: %j", (config) => {
  expect(settingsOf(config)).toEqual({});
});
