import { execFileSync } from "node:child_process";
import { createHash, randomFillSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { appendFile, mkdir, mkdtemp, readdir, rm, truncate, utimes, writeFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { generate } from "selfsigned";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { MAX_UPLOAD_BYTES, uploadSource } from "../src/adapter.ts";
import type { Source } from "../src/index.ts";
import { fingerprintSource } from "../src/node/adapter.ts";
import { createNodeClient, type NodeClientOptions, openSource } from "../src/node/index.ts";
import { startSandbox } from "./with-sandbox.ts";

async function createFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "renderjuice-upload-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function sha256(data: Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}

async function readAll(source: Source): Promise<Buffer> {
  const chunks: Buffer[] = [];
  // A chunk is valid until the next is asked for.
  for await (const chunk of source.open()) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** Storage and API in one; reads slowly, in small pieces, so that the sender has to wait again and again. */
async function startSlowStorage(tls?: { key: string; cert: string }) {
  const received: { hash?: string; headers?: Record<string, unknown> } = {};
  const scheme = tls ? "https" : "http";
  const listener: RequestListener = (request, response) => {
    if (request.method === "POST") {
      request.resume();
      return response.end(
        JSON.stringify({ slug: "s", uploadUrl: `${scheme}://${request.headers.host}/put` }),
      );
    }
    const hash = createHash("sha256");
    let pieces = 0;
    request.on("data", (piece) => {
      hash.update(piece);
      if (++pieces % 8 !== 0) return;
      request.pause();
      setTimeout(() => request.resume(), 1);
    });
    request.on("end", () => {
      received.hash = hash.digest("hex");
      received.headers = request.headers;
      response.end();
    });
  };
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, received };
}

async function connect(url: string, options: NodeClientOptions = {}) {
  const client = createNodeClient({ apiKey: "RJ-k", baseUrl: url, env: {}, ...options });
  onTestFinished(() => client.close());
  return client;
}

describe("a file", () => {
  test("arrives byte for byte at a host that reads slowly, with its length and without the key", async () => {
    const scene = join(await createFolder(), "a.blend");
    const content = randomFillSync(Buffer.alloc(9 * 1024 * 1024 + 123));
    await writeFile(scene, content);
    const { url, received } = await startSlowStorage();
    await uploadSource(await connect(url), await openSource(scene));
    expect(received.hash).toBe(sha256(content));
    expect(received.headers).toMatchObject({ "content-length": String(content.length) });
    expect(received.headers).not.toHaveProperty("authorization");
    expect(received.headers).not.toHaveProperty("transfer-encoding");
  });

  test("arrives byte for byte through TLS, with the studio's own authority", async () => {
    const folder = await createFolder();
    const pems = await generate([{ name: "commonName", value: "studio" }], {
      extensions: [{ name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }],
    });
    const tls = { key: pems.private, cert: pems.cert };
    const { url, received } = await startSlowStorage(tls);
    const scene = join(folder, "a.blend");
    const content = randomFillSync(Buffer.alloc(7 * 1024 * 1024 + 5));
    await writeFile(scene, content);
    const source = await openSource(scene);
    await uploadSource(await connect(url, { ca: tls.cert }), source);
    expect(received.hash).toBe(sha256(content));

    const distrustful = await connect(url, { retry: { maxAttempts: 1 } });
    await expect(uploadSource(distrustful, source)).rejects.toMatchObject({ code: "connection_failed" });
  });

  test.each([
    ["grows", (path: string) => appendFile(path, "more")],
    ["shrinks", (path: string) => truncate(path, 5_000_000)],
    ["is saved again", (path: string) => writeFile(path, randomFillSync(Buffer.alloc(8_000_000)))],
    ["goes away", (path: string) => rm(path)],
  ])("that %s during the upload is noticed", async (_how, change) => {
    await using setup = await startSandbox();
    const scene = await setup.writeScene("shot.blend", 8_000_000);
    const source = await openSource(scene);
    let isChanged = false;
    const upload = uploadSource(setup.client, source, {
      onProgress: () => {
        if (isChanged) return;
        isChanged = true;
        void change(scene);
      },
    });
    await expect(upload).rejects.toMatchObject({
      code: expect.stringMatching(/source_changed|source_unreadable/),
    });
    expect(setup.sandbox.statistics.jobsCreated).toBe(0);
  });

  test.each([
    ["longer", 11],
    ["shorter", 9],
  ])("that gives %s content than was announced is not sent again", async (size, contentBytes) => {
    await using setup = await startSandbox();
    const source: Source = {
      fileName: "shot.blend",
      fileType: "blend",
      sizeBytes: 10,
      async *open() {
        yield Buffer.alloc(contentBytes);
      },
      checkUnchanged: async () => {},
      readFacts: async () => ({ fileName: "shot.blend", fileType: "blend", sizeBytes: 10 }),
    };
    await expect(uploadSource(setup.client, source)).rejects.toMatchObject({
      code: "source_changed",
      message: `shot.blend changed in size while it was being uploaded: it is ${size} now.`,
    });
  });

  test("of 5 GiB is refused before anything is sent", async () => {
    await using setup = await startSandbox();
    const scene = await setup.writeScene();
    await truncate(scene, MAX_UPLOAD_BYTES);
    await expect(setup.client.submit(scene)).rejects.toMatchObject({
      code: "preflight_failed",
      message: expect.stringContaining("5 GiB"),
      hint: expect.stringMatching(/\w/),
    });
    expect(setup.sandbox.statistics.requests).toEqual({});
  });

  test("that is not there says so", async () => {
    await expect(openSource("/nonexistent/shot.blend")).rejects.toMatchObject({ code: "source_unreadable" });
  });
});

describe("a folder", () => {
  async function writeTree(folder: string, files: Record<string, string>): Promise<void> {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    }
  }

  /** What Info-ZIP makes of an archive: it fails when anything is wrong. */
  async function unzip(archive: Buffer): Promise<Record<string, string>> {
    const folder = await createFolder();
    const path = join(folder, "a.zip");
    await writeFile(path, archive);
    const options = { env: { ...process.env, LC_ALL: "C.UTF-8" }, timeout: 60_000 };
    execFileSync("unzip", ["-tqq", path], options);
    execFileSync("unzip", ["-qq", path, "-d", join(folder, "out")], options);
    const names = (await readdir(join(folder, "out"), { recursive: true, withFileTypes: true })).filter(
      (entry) => entry.isFile(),
    );
    return Object.fromEntries(
      names.map(({ parentPath, name }) => {
        const file = join(parentPath, name);
        return [file.slice(join(folder, "out").length + 1), readFileSync(file, "utf8")];
      }),
    );
  }

  test("of 2,000 files becomes a zip of the announced length that Info-ZIP accepts, without a temporary file", async () => {
    const folder = await createFolder();
    const files: Record<string, string> = { "shot.blend": "BLENDER-v304ENDB" };
    for (let index = 0; index < 2000; index++)
      files[`textures/${index % 20}/texture_${index}.png`] = `${index}`.repeat(index % 50);
    await writeTree(folder, files);
    const temporary = await createFolder();
    vi.stubEnv("TMPDIR", temporary);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const source = await openSource(folder);
    const archive = await readAll(source);
    expect(await readdir(temporary)).toEqual([]);
    expect(archive.length).toBe(source.sizeBytes);
    expect(await unzip(archive)).toEqual(files);
  });

  test("of many small files is sent in few pieces", async () => {
    const folder = await createFolder();
    const names = Array.from({ length: 500 }, (_, index) => [`${index}.bin`, "x".repeat(100)]);
    await writeTree(folder, { "shot.blend": "b", ...Object.fromEntries(names) });
    const sizes: number[] = [];
    const source = await openSource(folder);
    for await (const { byteLength } of source.open()) sizes.push(byteLength);
    expect(sizes).toEqual([source.sizeBytes]);
  });

  test("with files of all sizes arrives byte for byte at a host that reads slowly", async () => {
    const folder = await createFolder();
    const kib = [0, 1, 64, 127, 128, 129, 255, 256, 257, 2047, 2048, 2049, 4097];
    const sizes = kib
      .flatMap((size) => [size * 1024 - 1, size * 1024, size * 1024 + 1])
      .filter((size) => size >= 0);
    const many = Array.from({ length: 600 }, () => 2048);
    await writeFile(join(folder, "shot.blend"), "b");
    for (const [index, size] of [...sizes, ...many, ...sizes.toReversed()].entries())
      await writeFile(
        join(folder, `${String(index).padStart(3, "0")}.bin`),
        randomFillSync(Buffer.alloc(size)),
      );
    const { url, received } = await startSlowStorage();
    const source = await openSource(folder);
    await uploadSource(await connect(url), source);
    const archive = await readAll(source);
    expect(received.hash).toBe(sha256(archive));
    const path = join(await createFolder(), "a.zip");
    await writeFile(path, archive);
    execFileSync("unzip", ["-qq", path, "-d", join(path, "../out")]);
    for (const name of await readdir(folder))
      expect(sha256(readFileSync(join(path, "../out", name)))).toBe(sha256(readFileSync(join(folder, name))));
    expect(await readdir(join(path, "../out"))).toHaveLength(sizes.length * 2 + 601);
  });

  test("with odd names, empty files and large ones keeps them all", async () => {
    const folder = await createFolder();
    const files = {
      "shot.blend": "BLENDER",
      "Größe/ünïcode 日本.png": "x",
      "empty.txt": "",
      "large.bin": "0123456789".repeat(300_000),
      "a b/c'd/e$f.txt": "y",
    };
    await writeTree(folder, files);
    const source = await openSource(folder);
    const archive = await readAll(source);
    expect(archive.length).toBe(source.sizeBytes);
    expect(await unzip(archive)).toEqual(files);
  });

  test("has the same fingerprint wherever and whenever it was checked out", async () => {
    const files = { "shot.blend": "BLENDER", "textures/wood.png": "w" };
    const fingerprints: string[] = [];
    for (const [modified, content] of [
      [1, "w"],
      [2, "w"],
      [1, "W"],
    ] as const) {
      const folder = join(await createFolder(), "shot");
      await writeTree(folder, { ...files, "textures/wood.png": content });
      await utimes(join(folder, "shot.blend"), modified * 1e9, modified * 1e9);
      fingerprints.push(await fingerprintSource(await openSource(folder)));
    }
    expect(fingerprints[1]).toBe(fingerprints[0]);
    expect(fingerprints[2]).not.toBe(fingerprints[0]);
  });

  test("leaves out what is not part of a scene", async () => {
    const folder = await createFolder();
    await writeTree(folder, {
      "shot.blend": "b",
      "shot.blend1": "old",
      ".git/config": "c",
      ".DS_Store": "d",
    });
    expect(Object.keys(await unzip(await readAll(await openSource(folder))))).toEqual(["shot.blend"]);
  });

  test("several files keep their places relative to each other", async () => {
    const folder = await createFolder();
    await writeTree(folder, { "scenes/shot.blend": "b", "caches/water.abc": "c", "other.txt": "o" });
    const source = await openSource([join(folder, "scenes/shot.blend"), join(folder, "caches/water.abc")]);
    expect(source.fileName).toBe("shot.zip");
    expect(await unzip(await readAll(source))).toEqual({ "scenes/shot.blend": "b", "caches/water.abc": "c" });
  });

  test("in which a file changes during the upload is noticed", async () => {
    const folder = await createFolder();
    await writeTree(folder, { "a.blend": "x".repeat(100), "z.bin": "y".repeat(5_000_000) });
    const source = await openSource(folder);
    await writeFile(join(folder, "z.bin"), "short");
    await expect(readAll(source)).rejects.toMatchObject({ code: "source_changed" });
  });

  test.each(
    [4_000_000, 4000].flatMap((sizeBytes) => [
      [sizeBytes, "grows", (path: string) => appendFile(path, Buffer.alloc(8_000_000))] as const,
      [sizeBytes, "shrinks", (path: string) => truncate(path, 5)] as const,
      [sizeBytes, "goes away", (path: string) => rm(path)] as const,
    ]),
  )("in which a file of %i bytes %s is named, and not sent again", async (sizeBytes, _how, change) => {
    await using setup = await startSandbox();
    const folder = await createFolder();
    await writeTree(folder, { "a.blend": "x".repeat(3_000_000), "cache/z.bin": "y".repeat(sizeBytes) });
    const events: string[] = [];
    let isChanged = false;
    const upload = uploadSource(setup.client, await openSource(folder), {
      onEvent: ({ type }) => events.push(type),
      onProgress: () => {
        if (!isChanged) void change(join(folder, "cache/z.bin"));
        isChanged = true;
      },
    });
    await expect(upload).rejects.toMatchObject({
      code: "source_changed",
      file: join(folder, "cache/z.bin"),
    });
    expect(events).not.toContain("retry-scheduled");
  });

  test("in which an empty file grows is noticed", async () => {
    await using setup = await startSandbox();
    const folder = await createFolder();
    await writeTree(folder, { "a.blend": "x", "log.txt": "" });
    const source = await openSource(folder);
    await appendFile(join(folder, "log.txt"), "more");
    expect(await readAll(source)).toHaveLength(source.sizeBytes);
    await expect(uploadSource(setup.client, source)).rejects.toMatchObject({ code: "source_changed" });
  });

  test("with hollow files is not even uploaded when the scene has to be complete", async () => {
    await using setup = await startSandbox();
    const folder = await createFolder();
    const pointer = (host: string) =>
      `version https://${host}.github.com/spec/v1\noid sha256:00\nsize 12345\n`;
    await writeTree(folder, {
      "shot.blend": `BLENDER-v304${"\0".repeat(100)}ENDB`,
      "textures/wood.png": pointer("git-lfs"),
      "textures/old.png": pointer("hawser"),
      "textures/link.png": "../../library/link.png",
    });
    await expect(setup.client.submit(folder, { requireComplete: true })).rejects.toMatchObject({
      code: "preflight_failed",
      message: expect.stringMatching(/old\.png.*wood\.png.*link\.png/),
    });
    expect(setup.sandbox.statistics.requests).toEqual({});
    await setup.client.submit(folder, { until: "created" });
  });

  test("without a .blend is refused before anything is sent", async () => {
    await using setup = await startSandbox();
    const folder = await createFolder();
    await writeTree(folder, { "readme.txt": "no scene" });
    await expect(setup.client.submit(folder)).rejects.toMatchObject({ code: "preflight_failed" });
    expect(setup.sandbox.statistics.requests).toEqual({});
  });
});
