import { expect, test } from "vitest";
import { parseSettingsText } from "../src/run/settings-text.ts";

test.each([
  ["", {}],
  ["resolutionPercentage=50", { resolutionPercentage: 50 }],
  ["resolutionPercentage=50;notes=final", { resolutionPercentage: 50, notes: "final" }],
  ["resolutionPercentage = 50\r\nnotes = final\n", { resolutionPercentage: 50, notes: "final" }],
  ["notes=a; b; c = d", { notes: "a; b; c = d" }],
  ["notes=Größe 場面;fps=25;", { notes: "Größe 場面", fps: 25 }],
])("%j is %o", (text, settings) => {
  expect(parseSettingsText(text)).toEqual(settings);
});

test("a setting that does not exist is named", () => {
  expect(() => parseSettingsText("resolutionPercent=50")).toThrow(/no setting "resolutionPercent"/);
});
