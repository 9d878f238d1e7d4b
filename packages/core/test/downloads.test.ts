import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PNG } from "pngjs";
import { describe, expect, test } from "vitest";
import { type DownloadEvent, waitForOutputs } from "../src/adapter.ts";
import type { Job } from "../src/index.ts";
import type { DownloadOptions } from "../src/node/download/download-outputs.ts";
import type { NodeClient } from "../src/node/index.ts";
import { startSandbox } from "./with-sandbox.ts";
import { type Answer, startServer } from "./with-server.ts";

const PICTURE = PNG.sync.write(new PNG({ width: 64, height: 64 }));

/** A picture that does not pack well. */
function drawNoise(width: number, height: number): Buffer {
  const image = new PNG({ width, height });
  for (let index = 0; index < image.data.length; index++) image.data[index] = (index * index * 31) >> 5;
  return PNG.sync.write(image, { deflateLevel: 0 });
}

async function collect(client: NodeClient, job: Job, options: DownloadOptions) {
  const events: DownloadEvent[] = [];
  const download = client.download(job, options);
  for await (const event of download) events.push(event);
  return { events, summary: await download };
}

/** A sandbox with a completed job of five frames. */
async function startFinished(options: Parameters<typeof startSandbox>[0] = {}) {
  const setup = await startSandbox(options);
  const handle = setup.client.submit(await setup.writeScene(), { frames: "1-5", until: "finished" });
  const { job } = await handle;
  const outDir = join(setup.folder, "out");
  return {
    ...setup,
    job,
    outDir,
    download: (more: Partial<DownloadOptions> = {}) => collect(setup.client, job, { outDir, ...more }),
  };
}

/** A server that offers these outputs, and gives each a file. */
async function startOffer(names: readonly object[], file: (path: string) => Answer | undefined) {
  const setup = await startSandbox();
  const server = await startServer(({ path, headers }, response) => {
    if (path.endsWith("/downloads")) {
      const frameOutputs = names.map((name, index) => ({
        url: `http://${headers.host}/file/${index}`,
        ...name,
      }));
      return { body: { frameOutputs } };
    }
    const answer = file(path);
    if (answer) return answer;
    const head = { "content-type": "image/png", "content-length": PICTURE.length };
    response.writeHead(200, head).end(PICTURE);
    return undefined;
  });
  const outDir = join(setup.folder, "out");
  const job = { id: "j1", status: "completed" } as Job;
  return {
    server,
    folder: setup.folder,
    outDir,
    download: (more: Partial<DownloadOptions> = {}) => collect(server.client, job, { outDir, ...more }),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await setup[Symbol.asyncDispose]();
    },
  };
}

describe("what arrives", () => {
  test("has its own name, is complete, and nothing else is left in the folder", async () => {
    await using setup = await startFinished();
    const { summary } = await setup.download();
    const names = ["frame_0001.png", "frame_0002.png", "frame_0003.png", "frame_0004.png", "frame_0005.png"];
    expect((await readdir(setup.outDir)).filter((name) => name !== ".renderjuice")).toEqual(names);
    for (const name of names)
      expect(PNG.sync.read(await readFile(join(setup.outDir, name))).width).toBeGreaterThan(0);
    expect(summary.missingFrames).toEqual([]);
    expect(summary.files.map(({ frame }) => frame).sort()).toEqual([1, 2, 3, 4, 5]);
  });

  test("is reported file by file, with its progress", async () => {
    await using setup = await startFinished();
    const { events, summary } = await setup.download();
    expect(events[0]).toMatchObject({ type: "download-started", fileCount: 5, outDir: setup.outDir });
    const [file] = summary.files;
    const progress = events.filter(
      (event) => event.type === "file-progressed" && event.relativePath === file?.relativePath,
    );
    expect(progress.at(-1)).toMatchObject({ receivedBytes: file?.sizeBytes, totalBytes: file?.sizeBytes });
    expect(events.filter(({ type }) => type === "file-finished")).toHaveLength(5);
  });

  test("can be chosen by frame or kind", async () => {
    await using setup = await startFinished();
    const { summary } = await setup.download({ frames: [2, 4] });
    expect(summary.files.map(({ frame }) => frame)).toEqual([2, 4]);
    expect(summary.missingFrames).toEqual([]);
    const zip = await setup.download({ kinds: ["framesZip"] });
    expect(zip.summary.files.map(({ relativePath }) => relativePath)).toEqual([
      expect.stringMatching(/\.zip$/),
    ]);
  });

  test("is checked against the frames that were expected", async () => {
    await using offer = await startOffer(
      [{ fileName: "a_0001.png" }, { fileName: "a_0003.png" }],
      () => undefined,
    );
    const { summary } = await offer.download({ frames: [1, 2, 3, 4] });
    expect(summary.missingFrames).toEqual([2, 4]);
  });
});

describe("what is there already", () => {
  test("is not fetched again", async () => {
    await using setup = await startFinished();
    await setup.download();
    await rm(join(setup.outDir, "frame_0003.png"));
    const { summary } = await setup.download();
    expect(summary.files.filter(({ wasSkipped }) => !wasSkipped).map(({ frame }) => frame)).toEqual([3]);
  });

  test("is fetched again when its size is not what was downloaded", async () => {
    await using setup = await startFinished();
    await setup.download();
    await writeFile(join(setup.outDir, "frame_0002.png"), "half a frame");
    const { summary } = await setup.download();
    expect(summary.files.filter(({ wasSkipped }) => !wasSkipped).map(({ frame }) => frame)).toEqual([2]);
  });

  test("from another job is replaced, unless only what is missing is wanted", async () => {
    await using setup = await startFinished();
    await mkdir(setup.outDir);
    await writeFile(join(setup.outDir, "frame_0001.png"), PICTURE);
    await writeFile(join(setup.outDir, "frame_0002.png"), PICTURE.subarray(0, 40));
    const kept = await setup.download({ onlyMissing: true });
    // The second is not a complete image.
    expect(kept.summary.files.filter(({ wasSkipped }) => wasSkipped).map(({ frame }) => frame)).toEqual([1]);
    expect(await readFile(join(setup.outDir, "frame_0001.png"))).toEqual(PICTURE);
    await rm(join(setup.outDir, ".renderjuice"), { recursive: true });
    await setup.download();
    expect(await readFile(join(setup.outDir, "frame_0001.png"))).not.toEqual(PICTURE);
  });
});

describe("when the way is rough", () => {
  test("a cut connection is resumed where it broke", async () => {
    const content = drawNoise(300, 200);
    const ranges: (string | undefined)[] = [];
    await using server = await startServer(({ path, headers }, response) => {
      if (path.endsWith("/downloads")) {
        return { body: { frameOutputs: [{ fileName: "a_0001.png", url: `http://${headers.host}/file` }] } };
      }
      ranges.push(headers.range);
      const start = Number(/bytes=(\d+)-/.exec(headers.range ?? "bytes=0-")?.[1]);
      const range = { "content-range": `bytes ${start}-${content.length - 1}/${content.length}` };
      response.writeHead(headers.range ? 206 : 200, {
        ...{ etag: '"v1"', "accept-ranges": "bytes", "content-length": content.length - start },
        ...(headers.range && range),
      });
      if (start > 0) response.end(content.subarray(start));
      else response.write(content.subarray(0, 100_000), () => setImmediate(() => response.destroy()));
      return undefined;
    });
    await using setup = await startSandbox();
    const outDir = join(setup.folder, "out");
    await collect(server.client, { id: "j1", status: "completed" } as Job, { outDir });
    expect(await readFile(join(outDir, "a_0001.png"))).toEqual(content);
    expect(ranges).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]\d*-$/)]);
  });

  test("a file that is not what its name says does not get its name", async () => {
    await using offer = await startOffer([{ fileName: "a_0001.png" }], (path) =>
      path.startsWith("/file") ? { body: "<html>Please sign in</html>" } : undefined,
    );
    await expect(offer.download()).rejects.toMatchObject({
      code: "download_corrupt",
      hint: expect.stringMatching(/render that frame again/),
    });
    expect(await readdir(offer.outDir)).toEqual([".renderjuice"]);
  });

  test("an image that ends too early does not get its name", async () => {
    const short = PICTURE.subarray(0, -20);
    await using offer = await startOffer([{ fileName: "a_0001.png" }], (path) =>
      path.startsWith("/file") ? { body: short.toString("latin1") } : undefined,
    );
    await expect(offer.download()).rejects.toMatchObject({ code: "download_corrupt" });
  });

  test("what had arrived when one file fails is kept", async () => {
    const names = Array.from({ length: 40 }, (_, index) => ({
      fileName: `a_${String(index + 1).padStart(4, "0")}.png`,
    }));
    await using offer = await startOffer(names, (path) =>
      path.endsWith("/39") ? { status: 400 } : undefined,
    );
    const { summary, events } = await offer.download({ concurrency: 1, frames: [39, 40] });
    const failed = { relativePath: "a_0040.png", frame: 40, code: "download_incomplete" };
    expect(summary.failedFiles).toEqual([{ ...failed, reason: expect.stringMatching(/400/) }]);
    expect(summary.missingFrames).toEqual([]);
    expect(events.filter(({ type }) => type === "file-failed")).toHaveLength(1);
    await offer.download({ concurrency: 1 });
    expect((await readdir(offer.outDir)).filter((name) => name.endsWith(".png"))).toHaveLength(39);
    const before = offer.server.requests.length;
    await offer.download({ concurrency: 1 });
    // The list, and the one that is missing.
    expect(offer.server.requests.length - before).toBe(2);
  });

  test("URLs that expire on the way are renewed together", async () => {
    await using setup = await startFinished({ faults: ["expired-download-url"] });
    const { summary } = await setup.download();
    expect(summary.files).toHaveLength(5);
    expect(setup.sandbox.statistics.requests.getDownloads).toBe(2);
  });
});

describe("the way to a file", () => {
  test("reports every retry, also of the request that finds out where the files are", async () => {
    const failing = new Set(["/jobs/j1/downloads", "/file/0"]);
    await using server = await startServer(({ path, headers }, response) => {
      if (failing.delete(path)) return { status: 503 };
      if (path.endsWith("/downloads"))
        return { body: { frameOutputs: [{ url: `http://${headers.host}/file/0`, relativePath: "a.png" }] } };
      response.writeHead(200, { "content-type": "image/png" }).end(PICTURE);
      return undefined;
    });
    await using folder = await startSandbox();
    const job = { id: "j1", status: "completed" } as Job;
    const { events } = await collect(server.client, job, { outDir: join(folder.folder, "out") });
    expect(events.filter(({ type }) => type === "retry-scheduled")).toMatchObject([
      { operation: "get downloads", attempt: 2 },
      { operation: "download", attempt: 2, message: expect.stringContaining("a.png: ") },
    ]);
  });

  test("may lead over another host, without the key and not to where it must not", async () => {
    await using offer = await startOffer([{ relativePath: "a.png" }, { relativePath: "b.png" }], (path) => {
      if (path === "/file/0") return { status: 307, headers: { location: "/moved" } };
      if (path === "/file/1") return { status: 307, headers: { location: "file:///etc/passwd" } };
      return undefined;
    });
    const { summary } = await offer.download();
    expect(summary.files.map(({ relativePath }) => relativePath)).toEqual(["a.png"]);
    expect(summary.failedFiles).toMatchObject([{ relativePath: "b.png" }]);
    const files = offer.server.requests.filter(({ path }) => !path.endsWith("/downloads"));
    for (const { headers } of files) expect(headers).not.toHaveProperty("authorization");
  });

  test("that is not HTTP is tried again", async () => {
    let isFirst = true;
    await using offer = await startOffer([{ relativePath: "a.png" }], () => {
      if (!isFirst) return undefined;
      isFirst = false;
      return { status: 200, headers: { "content-length": "1", "transfer-encoding": "nonsense" }, body: "" };
    });
    const { summary } = await offer.download();
    expect(summary.files).toHaveLength(1);
  });

  test.each(["file:///etc/passwd", "javascript:alert(1)", "not a URL", "http://host:99999/a.png"])(
    "that leads nowhere fails this file only: %s",
    async (url) => {
      await using offer = await startOffer(
        [{ relativePath: "a.png" }, { relativePath: "b.png", url }],
        () => undefined,
      );
      const { summary } = await offer.download();
      expect(summary.files.map(({ relativePath }) => relativePath)).toEqual(["a.png"]);
      expect(summary.failedFiles).toMatchObject([
        { relativePath: "b.png", reason: expect.stringContaining("cannot be downloaded") },
      ]);
    },
  );
});

describe("a job that is not completed", () => {
  test.each([
    ["validated", "it has no files yet", "Wait until it is completed"],
    ["failed", "has no files", "Submit the scene again"],
  ])("%s: is not waited for", async (status, message, hint) => {
    const id = "6f1c1f0e-8d2b-4a57-9b0a-3f3f8f1d2c11";
    await using server = await startServer(() => ({ body: {} }));
    await expect(
      waitForOutputs({ client: server.client, job: { id, status }, expectedFrames: [1] }),
    ).rejects.toMatchObject({
      code: "downloads_unavailable",
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    });
    expect(server.requests).toHaveLength(1);
  });
});

describe("hostile names", () => {
  test.each([
    ["../../escape_0001.png"],
    ["/etc/escape_0001.png"],
    ["..\\..\\escape_0001.png"],
    ["C:\\Windows\\escape_0001.png"],
    ["sub/../../../escape_0001.png"],
  ])("%s stays below the folder", async (fileName) => {
    await using offer = await startOffer([{ fileName }], () => undefined);
    const { summary } = await offer.download();
    const [file] = summary.files;
    expect(file?.path.startsWith(`${offer.outDir}/`)).toBe(true);
    expect((await stat(file?.path ?? "")).size).toBe(PICTURE.length);
    expect((await readdir(offer.folder)).sort()).toEqual(["out"]);
  });

  test("two outputs of one name are both kept", async () => {
    await using offer = await startOffer(
      [{ fileName: "a.png" }, { fileName: "A.PNG" }, { fileName: "a.png" }],
      () => undefined,
    );
    const { summary } = await offer.download();
    expect(new Set(summary.files.map(({ relativePath }) => relativePath.toLowerCase())).size).toBe(3);
  });

  test("the folder's own records cannot be overwritten", async () => {
    await using offer = await startOffer([{ fileName: ".renderjuice/j1.jsonl" }], () => undefined);
    const { summary } = await offer.download();
    expect(summary.files[0]?.relativePath).not.toMatch(/^\.renderjuice\//);
  });
});
