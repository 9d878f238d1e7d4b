import { describe, expect, test } from "vitest";
import { checkSpelling, KNOWN_VALUES } from "./known-values.ts";
import { parseSettings } from "./parse-settings.ts";

const VALUES = Object.entries(KNOWN_VALUES).flatMap(([name, values]) =>
  values.map((value) => [name, value] as const),
);

describe("a value that differs from a known one only in case or separators is refused", () => {
  test.each(VALUES.filter(([, value]) => /[a-z]/i.test(value)))("of %s: %s", (name, value) => {
    const other = value === value.toUpperCase() ? value.toLowerCase() : value.toUpperCase();
    for (const slip of [other, `${other.slice(0, 1)}-${other.slice(1)}`, ` ${value}`])
      expect(() => checkSpelling(settingsWith(name, slip))).toThrow(
        expect.objectContaining({
          code: "invalid_option",
          message: `${name} cannot be ${JSON.stringify(slip)}.`,
          hint: `Write it as ${value}.`,
        }),
      );
  });

  test("as people type it", () => {
    expect(() => parseSettings(["renderEngine=cycles"])).toThrow('renderEngine cannot be "cycles".');
  });
});

test.each([...VALUES, ["renderEngine", "BLENDER_WORKBENCH"], ["outputFormat", "WEBP"]] as const)(
  "%s may be %s",
  (name, value) => {
    expect(() => checkSpelling(settingsWith(name, value))).not.toThrow();
  },
);

function settingsWith(name: string, value: string): object {
  const [group = "", member] = name.split(".");
  return { [group]: member === undefined ? value : { [member]: value } };
}
