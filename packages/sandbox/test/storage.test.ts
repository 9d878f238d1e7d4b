import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import yauzl from "yauzl";
import { createNamingRenderer } from "./naming-renderer.ts";
import { rawRequest } from "./raw-request.ts";
import { createTestClock, SCENE, startSandbox } from "./with-sandbox.ts";

const HOUR_MS = 3_600_000;

/** What storage answers to a request. */
async function send(url: string | URL, init: RequestInit = {}) {
  const response = await fetch(url, init);
  const { status, headers } = response;
  return { status, type: headers.get("content-type"), headers, text: await response.text() };
}

function put(
  url: string | URL,
  body: string | Uint8Array<ArrayBuffer> = new Uint8Array(SCENE),
  headers: Record<string, string> = {},
) {
  return send(url, { method: "PUT", body, headers });
}

function xml(status: number, code: string) {
  return { status, type: "application/xml", text: expect.stringContaining(`<Error><Code>${code}</Code>`) };
}

/** Changes to a signed URL that its signature must not survive. */
const FORGERIES: readonly [what: string, change: (url: URL) => void][] = [
  ["another signature", ({ searchParams }) => searchParams.set("signature", "0".repeat(64))],
  ["half a signature", ({ searchParams }) => edit(searchParams, "signature", (text) => text.slice(32))],
  [
    "a signature with more behind",
    ({ searchParams }) => edit(searchParams, "signature", (text) => `${text}~`),
  ],
  ["no signature", ({ searchParams }) => searchParams.delete("signature")],
  ["a later expiry", ({ searchParams }) => edit(searchParams, "expires", (text) => `${Number(text) + 1}`)],
  ["no expiry", ({ searchParams }) => searchParams.delete("expires")],
  ["another path", (url) => Object.assign(url, { pathname: `${url.pathname}x` })],
];

function edit(parameters: URLSearchParams, name: string, change: (text: string) => string): void {
  parameters.set(name, change(parameters.get(name) ?? ""));
}

describe("PUT uploadUrl", () => {
  test("stores the bytes, and needs no key", async () => {
    await using setup = await startSandbox();
    const { uploadUrl, slug } = await setup.api.createUpload();
    expect(await put(uploadUrl)).toMatchObject({ status: 200, text: "" });
    expect((await setup.api.post("/jobs", { slug })).body).toMatchObject({
      sceneFile: { sizeBytes: SCENE.length },
    });
    expect(setup.sandbox.statistics).toMatchObject({ uploads: 1, uploadedBytes: SCENE.length });
  });

  test("stores once: a second PUT is refused and changes nothing", async () => {
    await using setup = await startSandbox();
    const { uploadUrl, slug } = await setup.api.createUpload();
    await put(uploadUrl);
    expect(await put(uploadUrl, "something else")).toMatchObject(xml(403, "AccessDenied"));
    expect((await setup.api.post("/jobs", { slug })).body).toMatchObject({
      sceneFile: { sizeBytes: SCENE.length },
    });
  });

  test("stores once: a PUT that began before a job was made does not replace the job's scene", async () => {
    await using setup = await startSandbox();
    const { uploadUrl, slug } = await setup.api.createUpload();
    const evil = Buffer.from("EVIL".repeat(1000));
    const late = request(uploadUrl, { method: "PUT", headers: { "content-length": evil.length } });
    late.write(evil.subarray(0, 100));
    await once(late, "socket");
    await put(uploadUrl);
    const { body } = await setup.api.post("/jobs", { slug });
    late.end(evil.subarray(100));
    const [response] = (await once(late, "response")) as [IncomingMessage];
    expect({ status: response.statusCode, text: await text(response) }).toMatchObject({
      status: 403,
      text: expect.stringContaining("This URL was already used."),
    });
    expect(body).toMatchObject({ sceneFile: { sizeBytes: SCENE.length } });
    const { id } = body as { id: string };
    await setup.api.validate(id);
    await setup.api.reach(id, "validated");
  });

  test("works until it expires, and not from then on", async () => {
    const clock = createTestClock();
    await using setup = await startSandbox({ clock });
    const [early, late] = [await setup.api.createUpload(), await setup.api.createUpload()];
    clock.advance(HOUR_MS - 1);
    expect((await put(early.uploadUrl)).status).toBe(200);
    clock.advance(1);
    expect(await put(late.uploadUrl)).toMatchObject(xml(403, "AccessDenied"));
  });

  test("lives as long as configured", async () => {
    const clock = createTestClock();
    await using setup = await startSandbox({ clock, urlLifetimeMs: 5000 });
    const { uploadUrl, expiresAt } = await setup.api.createUpload();
    expect(expiresAt).toBe(new Date(clock.now() + 5000).toISOString());
    clock.advance(5000);
    expect((await put(uploadUrl)).status).toBe(403);
  });

  test("refuses an API key, so that a leak is noticed", async () => {
    await using setup = await startSandbox();
    const { uploadUrl, slug } = await setup.api.createUpload();
    const authorization = `Bearer ${setup.sandbox.apiKeys[0]}`;
    expect(await put(uploadUrl, "x", { authorization })).toMatchObject(xml(400, "InvalidArgument"));
    expect((await setup.api.post("/jobs", { slug })).status).toBe(400);
  });

  test.each(FORGERIES)("refuses %s", async (_what, change) => {
    await using setup = await startSandbox();
    const url = new URL((await setup.api.createUpload()).uploadUrl);
    change(url);
    expect(await put(url)).toMatchObject(xml(403, "SignatureDoesNotMatch"));
    expect(setup.sandbox.statistics.uploads).toBe(0);
  });

  test("does not take the signature of another upload", async () => {
    await using setup = await startSandbox();
    const url = new URL((await setup.api.createUpload()).uploadUrl);
    url.pathname = `/uploads/${(await setup.api.createUpload()).slug}`;
    expect(await put(url)).toMatchObject(xml(403, "SignatureDoesNotMatch"));
  });

  test.each(["GET", "POST", "DELETE"])("takes no %s", async (method) => {
    await using setup = await startSandbox();
    const { uploadUrl } = await setup.api.createUpload();
    expect(await send(uploadUrl, { method })).toMatchObject(xml(403, "SignatureDoesNotMatch"));
  });
});

describe("Content-Length of an upload", () => {
  async function startUpload() {
    const setup = await startSandbox();
    const { uploadUrl, slug } = await setup.api.createUpload();
    const { origin, pathname, search } = new URL(uploadUrl);
    const path = pathname + search;
    return {
      ...setup,
      slug,
      uploadUrl,
      send: (headers: Record<string, string>, body?: string, isCutOff = false) =>
        rawRequest(origin, { method: "PUT", path, headers, isCutOff, ...(body && { body }) }),
    };
  }

  test("is asked for: a body in chunks is refused", async () => {
    await using upload = await startUpload();
    expect(await upload.send({ "transfer-encoding": "chunked" }, "chunk")).toMatchObject({
      status: 411,
      body: expect.stringContaining("MissingContentLength"),
    });
  });

  test.each([
    ["5 GiB", 5 * 1024 ** 3],
    ["more", 6 * 1024 ** 3],
  ])("of %s is refused before a byte is sent", async (_size, sizeBytes) => {
    await using upload = await startUpload();
    expect(await upload.send({ "content-length": String(sizeBytes) })).toMatchObject({
      status: 400,
      body: expect.stringContaining("EntityTooLarge"),
    });
  });

  test("that is not a number is refused", async () => {
    await using upload = await startUpload();
    expect(await upload.send({ "content-length": "many" }, "bytes")).toMatchObject({ status: 400 });
  });

  test("that promises more than comes leaves nothing behind, and the URL can be used again", async () => {
    await using upload = await startUpload();
    await upload.send({ "content-length": "1000" }, "only the beginning", true);
    expect(await upload.api.post("/jobs", { slug: upload.slug })).toMatchObject({
      status: 400,
      body: { error: { code: "upload_missing" } },
    });
    expect((await put(upload.uploadUrl)).status).toBe(200);
    expect(upload.sandbox.statistics).toMatchObject({ uploads: 1, uploadedBytes: SCENE.length });
  });
});

/** A sandbox whose first job is completed, and the URL of its first frame. */
async function startWithFrame(options: Parameters<typeof startSandbox>[0] = {}) {
  const setup = await startSandbox(options);
  const { id } = await setup.api.complete();
  const readUrl = async () => new URL((await setup.api.downloads(id)).frames?.[0] ?? "");
  return { ...setup, id, readUrl, url: await readUrl() };
}

describe("GET of a file", () => {
  test("sends it as often as one likes, without a key", async () => {
    await using setup = await startWithFrame();
    for (const _time of [1, 2]) {
      const { status, headers, text } = await send(setup.url);
      expect(status).toBe(200);
      expect(text).toMatch(/^.PNG/);
      expect(headers.get("content-type")).toBe("image/png");
      expect(headers.get("accept-ranges")).toBe("bytes");
      expect(Number(headers.get("content-length"))).toBeGreaterThan(50);
    }
    expect(setup.sandbox.statistics.downloads).toBe(2);
  });

  test("the zip holds all frames", async () => {
    await using setup = await startWithFrame();
    const url = (await setup.api.downloads(setup.id)).transforms?.framesZip ?? "";
    const response = await fetch(url);
    expect(response.headers.get("content-type")).toBe("application/zip");
    expect(await listZip(Buffer.from(await response.arrayBuffer()))).toEqual([
      "frame_0001.png",
      "frame_0002.png",
      "frame_0003.png",
    ]);
  });

  test("works until it expires; then a new list has a new URL", async () => {
    const clock = createTestClock();
    await using setup = await startWithFrame({ clock, simulatedStepMs: 0 });
    clock.advance(HOUR_MS - 1);
    expect((await send(setup.url)).status).toBe(200);
    clock.advance(1);
    expect(await send(setup.url)).toMatchObject(xml(403, "AccessDenied"));
    expect((await send(await setup.readUrl())).status).toBe(200);
  });

  test("refuses an API key", async () => {
    await using setup = await startWithFrame();
    const authorization = `Bearer ${setup.sandbox.apiKeys[0]}`;
    expect(await send(setup.url, { headers: { authorization } })).toMatchObject(xml(400, "InvalidArgument"));
  });

  test.each(FORGERIES)("refuses %s", async (_what, change) => {
    await using setup = await startWithFrame();
    change(setup.url);
    expect(await send(setup.url)).toMatchObject(xml(403, "SignatureDoesNotMatch"));
  });

  test.each(["PUT", "POST", "DELETE"])("takes no %s", async (method) => {
    await using setup = await startWithFrame();
    expect(await send(setup.url, { method })).toMatchObject(xml(403, "SignatureDoesNotMatch"));
    expect((await send(setup.url)).status).toBe(200);
  });

  test.each([
    "/files/{id}/../../../api-key",
    "/files/{id}/../../../sandbox.sqlite",
    "/files/{id}/..%2f..%2f..%2fapi-key",
    "/files/{id}/%2e%2e/%2e%2e/%2e%2e/api-key",
    "/files/{id}/..\\..\\..\\api-key",
    "/files/../api-key",
    "/uploads/../api-key",
    "//etc/passwd",
    "/files/{id}/%",
  ])("a good signature opens no other path: %s", async (path) => {
    await using setup = await startWithFrame();
    const answer = await rawRequest(setup.url.origin, {
      method: "GET",
      path: path.replace("{id}", setup.id) + setup.url.search,
    });
    expect(answer).toMatchObject({ status: 403, body: expect.stringContaining("SignatureDoesNotMatch") });
  });

  test("names may hold what means something in a URL", async () => {
    await using setup = await startSandbox({ renderer: createNamingRenderer("left eye/50% #1+ü_0001.png") });
    const { id, previewUrl } = await setup.api.complete();
    const { frameOutputs, frames } = await setup.api.downloads(id);
    expect(frameOutputs).toMatchObject([
      { fileName: "50% #1+ü_0001.png", relativePath: "left eye/50% #1+ü_0001.png" },
    ]);
    expect(await send(frames?.[0] ?? "")).toMatchObject({ status: 200, text: "left eye/50% #1+ü_0001.png" });
    expect(await send(previewUrl ?? "")).toMatchObject({ status: 200, text: "preview" });
  });
});

describe("Range", () => {
  test.each([
    ["bytes=0-", 0],
    ["bytes=10-", 10],
  ])("%s is sent from there on", async (range, start) => {
    await using setup = await startWithFrame();
    const whole = await read(setup.url);
    const rest = await read(setup.url, { range });
    expect(rest.status).toBe(206);
    expect(rest.bytes).toEqual(whole.bytes.subarray(start));
    const size = whole.bytes.length;
    expect(rest.headers.get("content-range")).toBe(`bytes ${start}-${size - 1}/${size}`);
    expect(rest.headers.get("content-length")).toBe(String(size - start));
  });

  test.each(["bytes=10-19", "bytes=-10", "bytes=0-1,5-6", "items=1-", "nonsense"])(
    "%s is left aside, as a server may: the whole file comes",
    async (range) => {
      await using setup = await startWithFrame();
      const whole = await read(setup.url);
      expect(await read(setup.url, { range })).toMatchObject({ status: 200, bytes: whole.bytes });
    },
  );

  test("behind the end is refused", async () => {
    await using setup = await startWithFrame();
    const { bytes } = await read(setup.url);
    const answer = await send(setup.url, { headers: { range: `bytes=${bytes.length}-` } });
    expect(answer).toMatchObject(xml(416, "InvalidRange"));
  });

  test("If-Range with the file's ETag goes on where one was", async () => {
    await using setup = await startWithFrame();
    const etag = (await read(setup.url)).headers.get("etag") ?? "";
    expect(etag).toMatch(/^"[^"]+"$/);
    expect((await read(setup.url, { range: "bytes=10-", "if-range": etag })).status).toBe(206);
  });

  test.each(['"another"', "Thu, 01 Jan 2026 00:00:00 GMT"])(
    "If-Range with %s, which is not this file, sends it whole",
    async (ifRange) => {
      await using setup = await startWithFrame();
      const whole = await read(setup.url);
      const answer = await read(setup.url, { range: "bytes=10-", "if-range": ifRange });
      expect(answer).toMatchObject({ status: 200, bytes: whole.bytes });
    },
  );

  test("each file has a different ETag, which stays", async () => {
    await using setup = await startWithFrame();
    const { frames } = await setup.api.downloads(setup.id);
    const etags = await Promise.all((frames ?? []).map(async (url) => (await read(url)).headers.get("etag")));
    expect(new Set(etags).size).toBe(3);
    expect((await read(await setup.readUrl())).headers.get("etag")).toBe(etags[0]);
  });
});

async function read(url: string | URL, headers: Record<string, string> = {}) {
  const response = await fetch(url, { headers });
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, bytes };
}

async function listZip(content: Buffer): Promise<string[]> {
  const names: string[] = [];
  const zip = await yauzl.fromBufferPromise(content, { lazyEntries: true });
  for await (const { fileName } of zip.eachEntry()) names.push(fileName);
  return names;
}
