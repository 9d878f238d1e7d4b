import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { RenderjuiceError } from "../src/index.ts";
import { startSandbox } from "./with-sandbox.ts";

/** Submits three frames with faults switched on, and returns what came of it. */
async function submitWith(...faults: string[]) {
  const setup = await startSandbox({ faults });
  await using _ = setup;
  const outDir = join(setup.folder, "frames");
  const warnings: string[] = [];
  const handle = setup.client.submit(await setup.writeScene("shot.blend", 20_000), {
    frames: "1-3",
    download: { outDir },
  });
  const failure = await handle.then(
    () => undefined,
    (error) => error as RenderjuiceError,
  );
  for await (const event of iterateQuietly(handle))
    if (event.type === "warning") warnings.push(event.message);
  const frames = (await readdir(outDir).catch(() => [])).filter((name) => name.endsWith(".png"));
  return { failure, frames, warnings, statistics: setup.sandbox.statistics };
}

async function* iterateQuietly<T>(events: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* events;
  } catch {
    // The failure is looked at through the result.
  }
}

const ALL_FRAMES = ["frame_0001.png", "frame_0002.png", "frame_0003.png"];

describe("a submit gets through", () => {
  test.each([
    "rate-limit:0@createUpload",
    "rate-limit:0@createJob*2",
    "rate-limit:0@startRender",
    "rate-limit-date:0@getJob",
    "rate-limit-bare@createJob*3",
    "server-error@createUpload*2",
    "server-error:502@validateJob",
    "server-error:503@startRender*3",
    "server-error@getJob*4",
    "server-error@getDownloads",
    "slow-request:20@startRender",
    "slow-body:1*3",
    "lost-response@createUpload",
    "lost-response@validateJob",
    "lost-response@startRender",
    "lost-response@getDownloads",
    "unknown-status*3",
    "unknown-status:suspended*3",
    "unknown-status:debugging*3",
    "nulls*all",
    "missing-fields*all",
    "extra-fields*all",
    "swapped-envelope*all",
    "empty-response*all",
    "page-size-limit*all",
    "expired-upload-url",
    "expired-download-url",
    "expired-download-url*2",
    "upload-reset:500",
    "upload-reset:9000*3",
    "upload-lost-response",
    "upload-error*2",
    "download-reset:10",
    "download-reset:10*4",
    "download-slow:1*2",
    "download-error*3",
  ])("%s", async (fault) => {
    const { failure, frames, statistics } = await submitWith(fault);
    expect(failure).toBeUndefined();
    expect(frames).toEqual(ALL_FRAMES);
    expect(statistics).toMatchObject({ jobsCreated: 1, rendersStarted: 1 });
  });
});

test("after a lost answer to create, the job is created again, and a warning says so", async () => {
  const { failure, frames, warnings, statistics } = await submitWith("lost-response@createJob");
  expect(failure).toBeUndefined();
  expect(frames).toEqual(ALL_FRAMES);
  expect(statistics).toMatchObject({ jobsCreated: 2, rendersStarted: 1 });
  expect(warnings).toEqual([
    expect.stringMatching(/created again. There may be a second job: one of [0-9a-f-]{36}/),
  ]);
});

describe("a submit that cannot get through says why and what to do, and starts nothing twice", () => {
  test.each([
    ["server-error@createUpload*all", "server_error"],
    ["error-body:html@createUpload*all", "invalid_request"],
    ["error-body:empty@startRender*all", "invalid_request"],
    ["error-body:nest@createJob*all", "invalid_request"],
    ["lost-response@createJob*all", "outcome_unknown"],
    ["expired-upload-url*all", "upload_expired"],
    ["expired-download-url*all", "download_incomplete"],
    ["upload-error:400*all", "upload_rejected"],
    ["upload-error:413*all", "upload_rejected"],
    ["download-error:400*all", "download_incomplete"],
    ["render-crash", "job_failed"],
    ["slug-reuse-refused", undefined],
  ])("%s", async (fault, code) => {
    const { failure, statistics } = await submitWith(fault);
    expect(failure?.code).toBe(code);
    if (code) expect(failure?.hint).toMatch(/\w{3}/);
    expect(statistics.rendersStarted).toBeLessThanOrEqual(1);
    expect(statistics.jobsCreated).toBeLessThanOrEqual(fault.startsWith("lost-response@createJob") ? 2 : 1);
  });
});
