import { describe, expect, test } from "vitest";
import { createClient, createWebhookHandler } from "../src/index.ts";
import { createNodeClient } from "../src/node/index.ts";
import { startSandbox } from "./with-sandbox.ts";

// Programs without types, and objects that were made elsewhere, get past the compiler.

describe("submit refuses before anything is sent", () => {
  test.each<[string, object, string, string]>([
    ["an option that does not exist", { frame: "1" }, 'There is no option "frame".', "Did you mean frames?"],
    [
      "an option of something else",
      { outDir: "x" },
      'There is no option "outDir".',
      "The options are: frames,",
    ],
    [
      "a goal that does not exist",
      { until: "complete" },
      'until cannot be "complete".',
      "It can be created,",
    ],
    ["a goal with a typo", { until: "startd" }, 'until cannot be "startd".', "Did you mean started?"],
    [
      "frames as a number",
      { frames: 3 },
      'frames must be a range such as "1-24", or a list of ranges; 3',
      "",
    ],
    ["a list of numbers", { frames: [1, 2] }, "frames must be a range", ""],
    ["a time limit in words", { deadlineMs: "5m" }, 'deadlineMs must be a number of milliseconds; "5m"', ""],
    ["a download without a folder", { download: {} }, "The option download.outDir is missing.", ""],
    [
      "a misspelled folder",
      { download: { outdir: "x" } },
      'There is no option "download.outdir". Did you mean outDir?',
      "",
    ],
    [
      "a folder as text",
      { download: "frames" },
      'download must be an object such as { outDir: "frames" }',
      "",
    ],
    ["true for a download", { download: true }, "download must be an object", ""],
    ["once without a record", { once: { tag: "a" } }, "The option once.recordFile is missing.", ""],
    [
      "a decision that is not a function",
      { decide: true },
      "decide must be a function; true is not one.",
      "",
    ],
    ["settings as a Map", { settings: new Map([["samples", 3]]) }, "settings must be an object", ""],
    ["a controller for a signal", { signal: new AbortController() }, "signal must be an AbortSignal", ""],
    [
      "half a download at a time",
      { download: { outDir: "x", concurrency: 0.5 } },
      "download.concurrency must be a whole number of 1 or more",
      "",
    ],
    [
      "a setting that does not exist",
      { settings: { renderEngin: "CYCLES" } },
      'There is no setting "renderEngin".',
      "Did you mean renderEngine?",
    ],
    [
      "a number as text",
      { settings: { sampleCount: "64" } },
      'sampleCount must be a number; "64" is not one.',
      "",
    ],
    [
      "frames that are given twice",
      { frames: "3", settings: { frameRanges: ["1-2"] } },
      "The frames are given twice: as frames, and as the setting frameRanges.",
      "Remove one of them.",
    ],
  ])("%s", async (_what, options, message, hint) => {
    await using setup = await startSandbox();
    await expect(setup.client.submit(await setup.writeScene(), options)).rejects.toMatchObject({
      name: "ConfigError",
      message: expect.stringContaining(message),
      ...(hint !== "" && { hint: expect.stringContaining(hint) }),
    });
    expect(setup.sandbox.statistics.requests).toEqual({});
  });

  test.each([undefined, null, {}, 3, Buffer.from("BLENDER"), { job: "1" }])("%j as a scene", async (what) => {
    await using setup = await startSandbox();
    await expect(setup.client.submit(what as never)).rejects.toMatchObject({
      name: "ConfigError",
      hint: expect.stringContaining("Pass a scene"),
    });
  });
});

test("all problems are listed at once", async () => {
  await using setup = await startSandbox();
  const options = { frame: "1", until: "startd" } as never;
  await expect(setup.client.submit(await setup.writeScene(), options)).rejects.toThrow(
    'until cannot be "startd". Did you mean started?\nThere is no option "frame". Did you mean frames?',
  );
});

test("a file: URL is a path", async () => {
  await using setup = await startSandbox();
  const scene = new URL(`file://${await setup.writeScene()}`);
  expect((await setup.client.submit(scene, { until: "created" })).reached).toBe("created");
});

test.each([() => false, () => undefined, () => ({ action: "stp" }), () => ({ action: "continue" })])(
  "a decision that cannot be understood renders nothing: %s",
  async (decide) => {
    await using setup = await startSandbox();
    const submission = setup.client.submit(await setup.writeScene(), { decide: decide as never });
    await expect(submission).rejects.toMatchObject({
      message: "`decide` returned neither a render nor a stop. Nothing was rendered.",
      jobId: expect.any(String),
    });
    expect(setup.sandbox.statistics.rendersStarted).toBe(0);
  },
);

test("a download needs a folder and the id of a job", async () => {
  await using setup = await startSandbox();
  const { client } = setup;
  const missing = { message: expect.stringContaining("outDir is missing") };
  await expect(client.download("j1", {} as never)).rejects.toMatchObject(missing);
  await expect(client.download("j1", "frames" as never)).rejects.toThrow("must be an object");
  await expect(client.download(undefined as never, { outDir: setup.folder })).rejects.toThrow(
    "The job id is missing.",
  );
  expect(setup.sandbox.statistics.requests).toEqual({});
});

test("a wait needs a goal that exists", async () => {
  await using setup = await startSandbox();
  await expect(setup.client.jobs.waitFor("j1", { until: "done" as never })).rejects.toThrow(
    'until cannot be "done".',
  );
  await expect(setup.client.jobs.waitFor("j1", {} as never)).rejects.toThrow("The option until is missing.");
});

test.each<[string, unknown, string]>([
  ["a misspelled key", { apikey: "RJ-1" }, 'There is no option "apikey".'],
  ["a misspelled address", { apiKey: "RJ-1", baseURL: "http://localhost" }, "Did you mean baseUrl?"],
  ["only the key", "RJ-1", "must be an object"],
  ["an empty key", { apiKey: "" }, "No Renderjuice API key is set."],
])("a client is not made with %s, whatever the environment has", (_what, options, text) => {
  const withEnvironment =
    typeof options === "object" ? { ...options, env: { RENDERJUICE_API_KEY: "RJ-other-studio" } } : options;
  const text_ = expect.stringContaining(text);
  const failure = catchError(() => createNodeClient(withEnvironment as never));
  expect([failure?.message, failure?.hint]).toContainEqual(text_);
});

test.each([undefined, "RJ-1", { apiKey: "RJ-1", onevent: () => undefined }])(
  "createClient(%j) is refused",
  (options) => {
    expect(() => createClient(options as never)).toThrow(/must be an object|There is no option/);
  },
);

test.each([undefined, {}, { secret: "s" }, { secret: "s", onevent: () => undefined }])(
  "a webhook handler needs an onEvent: %j",
  (options) => {
    expect(() => createWebhookHandler(options as never)).toThrow(/must be an object|onEvent is missing/);
  },
);

function catchError(work: () => unknown): { message: string; hint?: string } | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}
