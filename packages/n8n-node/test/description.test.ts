import { outputSettingsSchema, renderConfigSchema } from "@renderjuice/core/adapter";
import type { INodeProperties } from "n8n-workflow";
import { describe, expect, test } from "vitest";
import { Renderjuice } from "../nodes/Renderjuice/Renderjuice.node.ts";
import { RenderjuicePollingTrigger } from "../nodes/Renderjuice/RenderjuicePollingTrigger.node.ts";
import { RenderjuiceTrigger } from "../nodes/Renderjuice/RenderjuiceTrigger.node.ts";
import { readRenderSettings, renderSettingsField } from "../nodes/Renderjuice/shared/render-settings.ts";

const { properties } = new Renderjuice().description;
const valuesOf = ({ options = [] }: INodeProperties) =>
  options.flatMap((option) => ("value" in option ? [option.value] : []));

describe("the action node", () => {
  test("shows each field for operations that exist", () => {
    const resources = properties.filter(({ name }) => name === "resource").flatMap(valuesOf);
    for (const { displayName, displayOptions } of properties.slice(1)) {
      const { resource = [], operation = [] } = displayOptions?.show ?? {};
      expect(resources, displayName).toEqual(expect.arrayContaining(resource));
      const operations = properties
        .filter(
          ({ name, displayOptions: shown }) =>
            name === "operation" && shown?.show?.resource?.[0] === resource[0],
        )
        .flatMap(valuesOf);
      expect(operations, displayName).toEqual(expect.arrayContaining(operation));
    }
  });

  test("has no two fields with the same name for one operation", () => {
    const keys = properties.map(
      ({ name, displayOptions }) =>
        `${displayOptions?.show?.resource}/${displayOptions?.show?.operation}/${name}`,
    );
    expect(keys).toEqual([...new Set(keys)]);
  });

  test("starts with the operation that does the whole job, not with the one that cancels", () => {
    const [operation] = properties.filter(({ name }) => name === "operation");
    expect(operation?.default).toBe("submit");
  });

  test("can be used by an agent, unlike the triggers", () => {
    expect(new Renderjuice().description.usableAsTool).toBe(true);
    for (const { description } of [new RenderjuiceTrigger(), new RenderjuicePollingTrigger()])
      expect(description.usableAsTool).toBeUndefined();
  });
});

describe("render settings", () => {
  const names = (renderSettingsField.options ?? []).map(({ name }) => name);

  test("every setting of the API has a field", () => {
    const apiNames = [
      ...Object.keys(renderConfigSchema.shape).filter(
        (name) => !["frameRanges", "outputSettings", "resolution"].includes(name),
      ),
      ...Object.keys(outputSettingsSchema.shape),
      "resolutionWidth",
      "resolutionHeight",
    ];
    expect(names.toSorted()).toEqual(apiNames.toSorted());
  });

  test("are read in the shape of the API", () => {
    expect(
      readRenderSettings({
        sampleCount: 8,
        resolutionWidth: 640,
        resolutionHeight: 360,
        colorDepth: "16",
        notes: "",
        denoisingEnabled: false,
      }),
    ).toEqual({
      sampleCount: 8,
      resolution: [640, 360],
      denoisingEnabled: false,
      outputSettings: { colorDepth: "16" },
    });
  });

  test("get the type of their field, whatever an expression returned", () => {
    const settings = {
      sampleCount: "8",
      fps: 25.0,
      useTiling: "FALSE",
      denoisingEnabled: "yes",
      colorDepth: 16,
      renderEngine: "cycles",
      outputFormat: "OpenEXR",
      notes: 12345,
      gpuCount: " ",
      minimumRam: null,
      quality: undefined,
    };
    expect(readRenderSettings(settings)).toEqual({
      sampleCount: 8,
      fps: 25,
      useTiling: false,
      denoisingEnabled: true,
      renderEngine: "CYCLES",
      outputFormat: "OPEN_EXR",
      notes: "12345",
      outputSettings: { colorDepth: "16" },
    });
  });

  test("may have options that only the farm knows", () => {
    expect(readRenderSettings({ renderEngine: "WORKBENCH" })).toEqual({ renderEngine: "WORKBENCH" });
  });

  test.each([
    [{ fps: "23,976" }, 'FPS: "23,976" is not a number.', "decimal point"],
    [{ sampleCount: -5 }, "Sample Count: -5 is less than 1.", "at least 1"],
    [{ useTiling: "maybe" }, 'Use Tiling: "maybe" is neither true nor false.', "true or false"],
    [{ notes: { text: "a" } }, 'Notes: {"text":"a"} is not text.', "add its name to the expression"],
    [{ resolutionWidth: 64 }, "Resolution Width is set without Resolution Height.", "Resolution Percentage"],
    [{ samples: 8 }, 'There is no render setting "samples".', "sampleCount"],
  ])("%j is refused, with the name of the field", (settings, message, hint) => {
    expect(() => readRenderSettings(settings as never)).toThrow(
      expect.objectContaining({ message, hint: expect.stringContaining(hint) }),
    );
  });
});
