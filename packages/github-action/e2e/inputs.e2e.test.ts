import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startFarm } from "./with-action.ts";

let farm: Awaited<ReturnType<typeof startFarm>>;
beforeAll(async () => {
  farm = await startFarm();
});
afterAll(() => farm[Symbol.asyncDispose]());

describe.concurrent("a wrong input gives one error, which names the input and says what to do", () => {
  test.each([
    [{ "api-key": "" }, /^api-key: is missing\. Add a secret RENDERJUICE_API_KEY/],
    [{ "api-url": "farm" }, /^api-url: is not a URL/],
    [{ file: "" }, /^file: is missing\. Give a \.blend/],
    [{ file: "shots/*.blend" }, /^file: No \.blend or \.zip matches "shots\/\*\.blend"\..* checked out\?/],
    [{ file: "gone.blend" }, /^file: "gone\.blend" does not exist\./],
    [{ file: "a\nb", "main-scene": "a/a.blend" }, /^main-scene: needs a single folder or zip/],
    [{ file: "", "job-id": "../jobs" }, /^job-id: "\.\.\/jobs" is not a job id\./],
    [{ "job-id": "1234" }, /^job-id: cannot be combined with file/],
    [{ file: "", "cancel-run": "main" }, /^cancel-run: is not the id of a workflow run/],
    [{ frames: "1-10-20" }, /^frames: .*1-10-20/],
    [{ settings: "resolutionPercent: 50" }, /^settings: .*Did you mean resolutionPercentage\?/],
    [{ settings: "sampleCount: many" }, /^settings: .*sampleCount/],
    [{ settings: "a: [" }, /^settings: /],
    [{ settings: "render.yml" }, /^settings: .*render\.yml/],
    [{ settings: "frameRanges: [1-3]" }, /^frames: cannot be combined with frameRanges/],
    [{ wait: "maybe" }, /^wait: "maybe" is not true or false\./],
    [{ "on-cancel": "detatch" }, /^on-cancel: .* Did you mean detach\?/],
    [{ "timeout-minutes": "1h" }, /^timeout-minutes: "1h" is not a number of minutes/],
    [{ "poll-interval-seconds": "1" }, /^poll-interval-seconds: "1" is not a number of seconds, 5 or more\./],
    [{ resume: "always" }, /^resume: "always" is not auto or never/],
  ])("%j", async (inputs: Record<string, string>, expected) => {
    const { conclusion, annotations } = await farm.run(inputs);
    expect(conclusion).toBe("failure");
    expect(annotations).toHaveLength(1);
    const [heading, ...problems] = annotations[0]?.message.split("\n") ?? [];
    expect(heading).toBe("The inputs of this step have a problem.");
    expect(problems).toEqual([expect.stringMatching(expected)]);
  });

  test("several problems are reported together", async () => {
    const { annotations } = await farm.run({ "api-key": "", file: "", wait: "maybe", frames: "x" });
    expect(annotations).toHaveLength(1);
    expect(annotations[0]?.message).toMatch(/^The inputs of this step have 4 problems\.\n/);
    for (const name of ["api-key", "file", "wait", "frames"])
      expect(annotations[0]?.message).toMatch(new RegExp(`^${name}: `, "m"));
  });

  test("the farm does not know the API key", async () => {
    const { annotations } = await farm.run({ "api-key": "RJ-wrong" });
    expect(annotations).toHaveLength(1);
    expect(annotations[0]?.message).toContain("Check the secret that api-key refers to");
    expect(annotations[0]?.message).not.toContain("RJ-wrong");
  });
});

describe.concurrent("inputs are flexible", () => {
  test("empty inputs get their defaults, settings may be a file, frames may have several lines", async () => {
    await writeFile(farm.path("render.json"), JSON.stringify({ resolutionPercentage: 50 }));
    const { conclusion, outputs, summary } = await farm.run({
      settings: "render.json",
      frames: "1\n3",
      wait: "",
      download: "True",
      "output-dir": "",
      resume: "",
    });
    expect(conclusion).toBe("success");
    expect(outputs).toMatchObject({ "frames-rendered": "2", "output-dir": "renders" });
    expect(summary).toContain("resolutionPercentage: 50");
  });
});
