import { describe, expect, test } from "vitest";
import { parseSettings, readSettings, SETTING_NAMES } from "./parse-settings.ts";
import { SETTING_HELP } from "./setting-help.ts";

describe("parseSettings", () => {
  test.each([
    ["resolutionPercentage=50", { resolutionPercentage: 50 }],
    ["denoisingEnabled=false", { denoisingEnabled: false }],
    ["renderEngine=CYCLES", { renderEngine: "CYCLES" }],
    ["notes=take 2 = final", { notes: "take 2 = final" }],
    ["notes=7", { notes: "7" }],
    ["resolution=1920x1080", { resolution: [1920, 1080] }],
    ["resolution=[1920,1080]", { resolution: [1920, 1080] }],
    ["frameRanges=1-10,20", { frameRanges: ["1-10", "20"] }],
    ["outputSettings.colorDepth=16", { outputSettings: { colorDepth: "16" } }],
  ])("%s", (text, expected) => {
    expect(parseSettings([text])).toEqual(expected);
  });

  test("collects several; a later one wins", () => {
    expect(
      parseSettings(["fps=24", "outputSettings.quality=90", "outputSettings.colorMode=RGB", "fps=25"]),
    ).toEqual({
      fps: 25,
      outputSettings: { quality: 90, colorMode: "RGB" },
    });
  });

  test.each([
    ["resolutionPercent=50", "Did you mean resolutionPercentage?"],
    ["colorDepth=16", "Did you mean outputSettings.colorDepth?"],
    ["samples=4", "Did you mean sampleCount?"],
    ["engine=CYCLES", "Did you mean renderEngine?"],
    // In more than one.
    ["denois=1", "The settings are: colorManagementPreset"],
    ["xyzzy=1", "The settings are: colorManagementPreset"],
    // As far from fps as from anything.
    ["foo=1", "The settings are: colorManagementPreset"],
    ["fps", "name=value"],
  ])("%s is refused with advice", (text, hint) => {
    expect(() => parseSettings([text])).toThrow(
      expect.objectContaining({ hint: expect.stringContaining(hint) }),
    );
  });

  test.each([
    ["resolutionPercentage=half", 'resolutionPercentage must be a number; "half" is not one.'],
    ["denoisingEnabled=2", "denoisingEnabled must be true or false; 2 is not."],
    ["outputSettings.quality=best", 'outputSettings.quality must be a number; "best" is not one.'],
    ["resolution=large", 'resolution must be width and height, such as 1920x1080; "large" is not.'],
  ])("a value of the wrong kind is refused: %s", (text, message) => {
    expect(() => parseSettings([text])).toThrow(message);
  });
});

describe("readSettings", () => {
  test("takes what YAML and JSON give", () => {
    expect(
      readSettings({
        resolutionPercentage: 50,
        resolution: "1920x1080",
        frameRanges: ["1-10", 20],
        denoisingEnabled: false,
        outputSettings: { colorDepth: 16, exrCodec: "ZIP" },
      }),
    ).toEqual({
      resolutionPercentage: 50,
      resolution: [1920, 1080],
      frameRanges: ["1-10", "20"],
      denoisingEnabled: false,
      outputSettings: { colorDepth: "16", exrCodec: "ZIP" },
    });
  });

  test.each([
    [{ outputSettings: { colourDepth: 16 } }, "Did you mean outputSettings.colorDepth?"],
    [{ sampels: 12 }, "The settings are: colorManagementPreset"],
    [["fps=24"], "name: value"],
    ["fps=24", "name: value"],
    [{ outputSettings: "PNG" }, "outputSettings."],
  ])("%j is refused with advice", (value, hint) => {
    expect(() => readSettings(value)).toThrow(
      expect.objectContaining({ hint: expect.stringContaining(hint) }),
    );
  });

  test("a value of the wrong kind is refused", () => {
    expect(() => readSettings({ sampleCount: {} })).toThrow("sampleCount");
  });
});

test("every setting is explained, and nothing else", () => {
  expect(Object.keys(SETTING_HELP)).toEqual(SETTING_NAMES);
});
