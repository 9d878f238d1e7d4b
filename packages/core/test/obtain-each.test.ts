import pLimit from "p-limit";
import { describe, expect, test } from "vitest";
import { apiErrorFrom, FileSystemError, obtainEach, type PlannedOutput } from "../src/adapter.ts";
import { ConnectionError, DownloadError } from "../src/index.ts";

const outputs = Array.from({ length: 10 }, (_, index): PlannedOutput => {
  const relativePath = `a_${index}.png`;
  return { kind: "frame", url: `https://host/${index}`, relativePath, frame: index };
});
const noNetwork = new ConnectionError({ host: "host", systemCode: "ECONNRESET" });
const refusedKey = apiErrorFrom({
  ...{ status: 401, operation: "list files", method: "GET", url: "https://host/", attempts: 1 },
  ...{ body: "", contentType: "" },
});
const broken = new DownloadError({ code: "download_corrupt", message: "It is cut off." });

/** Obtains all files, of which those with an error fail. */
async function obtain(errors: Readonly<Record<number, unknown>>, signal = new AbortController().signal) {
  const asked: number[] = [];
  const limit = pLimit(1);
  const result = obtainEach({
    outputs,
    limit: (work) => limit(work),
    signal,
    nameOf: ({ relativePath }) => relativePath,
    obtain: async ({ frame = 0 }) => {
      asked.push(frame);
      if (frame in errors) throw errors[frame];
      return frame;
    },
  });
  const none = { files: [] as number[], failedFiles: [] };
  const settled = result.then((came) => ({ ...came, error: undefined }));
  return { asked, ...(await settled.catch((error: unknown) => ({ ...none, error }))) };
}

describe("obtainEach", () => {
  test("brings the others when some fail, and says why those do", async () => {
    const { files, failedFiles } = await obtain({ 2: broken, 5: noNetwork });
    expect(files).toEqual([0, 1, 3, 4, 6, 7, 8, 9]);
    expect(failedFiles).toMatchObject([
      { relativePath: "a_2.png", frame: 2, code: "download_corrupt" },
      { relativePath: "a_5.png", frame: 5, code: "connection_failed" },
    ]);
    expect(failedFiles[0]?.reason).toMatch(/^It is cut off\. Download again/);
  });

  test.each([
    ["a full disk", new FileSystemError({ path: "/out/a", systemCode: "ENOSPC" })],
    ["a key that is refused", refusedKey],
    ["a bug", new TypeError("x is not a function")],
  ])("stops at %s", async (_what, problem) => {
    const { asked, error } = await obtain({ 3: problem });
    expect(asked).toEqual([0, 1, 2, 3]);
    expect(error).toBe(problem);
  });

  test("goes on after a folder in the way of one file", async () => {
    const { asked } = await obtain({ 3: new FileSystemError({ path: "/out/a", systemCode: "EISDIR" }) });
    expect(asked).toHaveLength(10);
  });

  test("stops when the network fails for one file after the other, but not when some come in between", async () => {
    const gone = await obtain({ 2: noNetwork, 3: noNetwork, 4: noNetwork, 5: noNetwork });
    expect(gone.asked).toEqual([0, 1, 2, 3, 4, 5]);
    expect(gone.error).toBe(noNetwork);
    const flaky = await obtain({ 1: noNetwork, 2: noNetwork, 3: noNetwork, 5: noNetwork, 7: noNetwork });
    expect(flaky.asked).toHaveLength(10);
    expect(flaky.failedFiles).toHaveLength(5);
  });

  test("is an error when nothing comes", async () => {
    const { error } = await obtain(Object.fromEntries(outputs.map((_, index) => [index, broken])));
    expect(error).toBe(broken);
  });

  test("ends with the signal's reason", async () => {
    const { error } = await obtain({}, AbortSignal.abort(new Error("stopped")));
    expect(error).toEqual(new Error("stopped"));
  });
});
