import { readdir, readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { drawExr, drawPicture } from "./pictures.ts";
import { type FileAnswer, sendCut, sendWhole, serveFiles } from "./with-files.ts";

const PICTURE = drawPicture(7);
const OTHER = drawPicture(13);
const EXR = drawExr();
const ETAG = { etag: '"v1"', "accept-ranges": "bytes" };
const CUT = 40_000;

/** Where the rest begins that is asked for; undefined when all of the file is. */
function startOf({ headers }: IncomingMessage): number | undefined {
  const [, start] = /^bytes=(\d+)-$/.exec(headers.range ?? "") ?? [];
  return start === undefined ? undefined : Number(start);
}

/** The first answer is cut off, later ones are as the test says while they are asked for a part, and whole else. */
function cutThen(rest: (response: ServerResponse, start: number) => void, content = PICTURE): FileAnswer {
  let isFirst = true;
  return (request, response) => {
    const start = startOf(request);
    if (isFirst) sendCut(response, content, CUT, ETAG);
    else if (start === undefined) sendWhole(response, content, ETAG);
    else rest(response, start);
    isFirst = false;
  };
}

function sendRest(response: ServerResponse, start: number, content: Buffer, headers: object = {}): void {
  const range = `bytes ${start}-${content.length - 1}/${content.length}`;
  response
    .writeHead(206, { ...ETAG, "content-range": range, "content-length": content.length - start, ...headers })
    .end(content.subarray(start));
}

/** In pieces, as a host does that does not know how much there will be. */
function sendWithoutLength(response: ServerResponse, content: Buffer, headers: object = {}): void {
  response.writeHead(200, { ...headers });
  response.write(content);
  response.end();
}

async function fetchOne(answer: FileAnswer, fileName = "a_0001.png") {
  const requests: (number | undefined)[] = [];
  await using farm = await serveFiles([{ fileName }], (request, response, index) => {
    requests.push(startOf(request));
    answer(request, response, index);
  });
  try {
    await farm.download();
    return { content: await readFile(join(farm.outDir, fileName)), requests };
  } catch (error) {
    expect(await readdir(farm.outDir)).toEqual([".renderjuice"]);
    return { error, requests };
  }
}

describe("a download that was cut", () => {
  test("goes on where it broke, as often as needed", async () => {
    let count = 0;
    const { content, requests } = await fetchOne((request, response) => {
      const start = startOf(request);
      count += 1;
      if (start === undefined) return sendCut(response, PICTURE, CUT, ETAG);
      if (count === 4) return sendRest(response, start, PICTURE);
      const range = `bytes ${start}-${PICTURE.length - 1}/${PICTURE.length}`;
      response.writeHead(206, { ...ETAG, "content-range": range, "content-length": PICTURE.length - start });
      response.write(PICTURE.subarray(start, start + 20_000), () => setImmediate(() => response.destroy()));
    });
    expect(content?.equals(PICTURE)).toBe(true);
    expect(requests.slice(1).every((start) => start !== undefined && start > 0)).toBe(true);
  });

  test("goes on after a few bytes too", async () => {
    let isFirst = true;
    const { content, requests } = await fetchOne((request, response) => {
      if (isFirst) sendCut(response, PICTURE, 100, ETAG);
      else sendRest(response, startOf(request) ?? 0, PICTURE);
      isFirst = false;
    });
    expect(content?.equals(PICTURE)).toBe(true);
    expect(requests).toEqual([undefined, expect.any(Number)]);
  });

  const range = (start: number, end: number, total: number | string) => ({
    "content-range": `bytes ${start}-${end}/${total}`,
    "content-length": end - start + 1,
  });
  const last = PICTURE.length - 1;

  test.each<[string, (response: ServerResponse, start: number) => void]>([
    ["another ETag", (response, start) => sendRest(response, start, OTHER, { etag: '"v2"' })],
    ["no ETag", (response, start) => sendRest(response, start, OTHER, { etag: "" })],
    ["other bytes under the same ETag", (response, start) => sendRest(response, start, OTHER)],
    [
      "a part that ends too early",
      (response, start) =>
        response
          .writeHead(206, { ...ETAG, ...range(start, start + 499, PICTURE.length) })
          .end(PICTURE.subarray(-500)),
    ],
    [
      "another total",
      (response, start) =>
        response
          .writeHead(206, { ...ETAG, ...range(start, last, PICTURE.length + 1) })
          .end(PICTURE.subarray(start)),
    ],
    [
      "an unknown total",
      (response, start) =>
        response.writeHead(206, { ...ETAG, ...range(start, last, "*") }).end(PICTURE.subarray(start)),
    ],
    [
      "another start",
      (response, start) =>
        response
          .writeHead(206, { ...ETAG, ...range(start + 1, last, PICTURE.length) })
          .end(PICTURE.subarray(start + 1)),
    ],
    [
      "another unit",
      (response, start) =>
        response
          .writeHead(206, { ...ETAG, "content-range": `pixels ${start}-${last}/${PICTURE.length}` })
          .end(PICTURE.subarray(start)),
    ],
    ["no range at all", (response, start) => response.writeHead(206, ETAG).end(PICTURE.subarray(start))],
    [
      "several parts",
      (response) =>
        response.writeHead(206, { ...ETAG, "content-type": "multipart/byteranges; boundary=x" }).end("--x--"),
    ],
    ["416", (response) => response.writeHead(416).end("no")],
    ["the whole file", (response) => sendWhole(response, PICTURE, ETAG)],
  ])("begins again when the rest comes with %s", async (_what, rest) => {
    const { content } = await fetchOne(cutThen(rest));
    expect(content?.equals(PICTURE)).toBe(true);
  });

  test("is not put together from two files that have the same length and ETag", async () => {
    const rest = (response: ServerResponse, start: number) => sendRest(response, start, drawExr(5, 300, 300));
    const { content } = await fetchOne(cutThen(rest, drawExr(3, 300, 300)), "a_0001.exr");
    expect(content?.equals(drawExr(3, 300, 300))).toBe(true);
  });

  test("is begun again when what was put together is not a picture", async () => {
    // The part that both have in common is the same in both.
    const mixed = Buffer.concat([PICTURE.subarray(0, CUT), OTHER.subarray(CUT)]);
    const { content, requests } = await fetchOne(
      cutThen((response, start) => sendRest(response, start, mixed)),
    );
    expect(content?.equals(PICTURE)).toBe(true);
    expect(requests.map((start) => start !== undefined)).toEqual([false, true, false]);
  });

  test.each([
    ["a weak ETag", { etag: 'W/"v1"' }],
    ["no ETag", {}],
    ["a host that gives no parts", { etag: '"v1"', "accept-ranges": "none" }],
  ])("begins again with %s", async (_what, headers) => {
    let isFirst = true;
    const { content, requests } = await fetchOne((_request, response) => {
      if (isFirst) sendCut(response, PICTURE, CUT, headers);
      else sendWhole(response, PICTURE, headers);
      isFirst = false;
    });
    expect(content?.equals(PICTURE)).toBe(true);
    expect(requests).toEqual([undefined, undefined]);
  });
});

describe("what is not the whole file does not get its name", () => {
  const flipped = Buffer.from(PICTURE);
  flipped[PICTURE.length >> 1] = (flipped[PICTURE.length >> 1] ?? 0) ^ 0xff;

  test.each<[string, string, string, FileAnswer]>([
    ["a.png", "one bit is wrong", "download_corrupt", (_, response) => sendWhole(response, flipped)],
    [
      "a.png",
      "it goes on after its end",
      "download_corrupt",
      (_, response) => sendWhole(response, Buffer.concat([PICTURE, OTHER])),
    ],
    ["a.png", "it is empty", "download_corrupt", (_, response) => sendWhole(response, Buffer.alloc(0))],
    ["a.txt", "it is empty", "download_corrupt", (_, response) => sendWhole(response, Buffer.alloc(0))],
    [
      "a.png",
      "its length is a lie",
      "download_corrupt",
      (_, response) => sendWhole(response, PICTURE.subarray(0, 500)),
    ],
    [
      "a.exr",
      "its length is a lie",
      "download_corrupt",
      (_, response) => sendWhole(response, EXR.subarray(0, 3000)),
    ],
    [
      "a.png",
      "no length, and a cut",
      "download_corrupt",
      (_, response) => sendWithoutLength(response, PICTURE.subarray(0, 5000)),
    ],
    [
      "a.exr",
      "no length, and a cut",
      "download_corrupt",
      (_, response) => sendWithoutLength(response, EXR.subarray(0, -1)),
    ],
    [
      "a.dat",
      "no length, and nothing shows its end",
      "download_corrupt",
      (_, response) => sendWithoutLength(response, Buffer.from("abc")),
    ],
    [
      "a.png",
      "a page to sign in",
      "download_corrupt",
      (_, response) => void response.end("<html>login</html>"),
    ],
    [
      "a.png",
      "HTTP/1.0 and a cut",
      "download_corrupt",
      ({ socket }) =>
        void socket.end(Buffer.concat([Buffer.from("HTTP/1.0 200 OK\r\n\r\n"), PICTURE.subarray(0, 5000)])),
    ],
    [
      "a.png",
      "half of its packing",
      "download_corrupt",
      (_, response) => {
        const packed = gzipSync(PICTURE);
        response.writeHead(200, { "content-encoding": "gzip" }).end(packed.subarray(0, packed.length >> 1));
      },
    ],
    [
      "a.png",
      "an unknown packing",
      "download_corrupt",
      (_, response) => sendWhole(response, PICTURE, { "content-encoding": "pack200" }),
    ],
    [
      "a.png",
      "a part that nobody asked for",
      "download_incomplete",
      (_, response) =>
        void response
          .writeHead(206, {
            "content-range": `bytes 0-${PICTURE.length - 1}/${PICTURE.length * 2}`,
            "content-length": PICTURE.length,
          })
          .end(PICTURE),
    ],
  ])("%s: %s", async (fileName, _what, code, answer) => {
    const { error } = await fetchOne(answer, fileName);
    expect(error).toMatchObject({ code });
  });

  test("what arrives broken once is fetched again", async () => {
    let count = 0;
    const { content } = await fetchOne((_, response) =>
      sendWhole(response, count++ === 0 ? flipped : PICTURE, ETAG),
    );
    expect(content?.equals(PICTURE)).toBe(true);
  });
});

describe("what is the whole file arrives as it is", () => {
  test.each<[string, (content: Buffer) => Buffer]>([
    ["gzip", gzipSync],
    ["x-gzip", gzipSync],
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
    ["zstd", zstdCompressSync],
    ["gzip, br", (content) => brotliCompressSync(gzipSync(content))],
    ["identity", (content) => content],
  ])("when the host keeps it packed with %s", async (encoding, pack) => {
    const packed = pack(EXR);
    for (const send of [sendWhole, sendWithoutLength]) {
      const { content } = await fetchOne(
        (_, response) => send(response, packed, { "content-encoding": encoding }),
        "a_0001.exr",
      );
      expect(content?.equals(EXR)).toBe(true);
    }
  });

  test("when a packed one was cut, from its start", async () => {
    const packed = gzipSync(PICTURE, { level: 0 });
    let isFirst = true;
    const { content, requests } = await fetchOne((_, response) => {
      const headers = { ...ETAG, "content-encoding": "gzip" };
      if (isFirst) sendCut(response, packed, CUT, headers);
      else sendWhole(response, packed, headers);
      isFirst = false;
    });
    expect(content?.equals(PICTURE)).toBe(true);
    expect(requests).toEqual([undefined, undefined]);
  });

  test.each(["a.png", "a.exr"])("without a length, when %s shows its end itself", async (fileName) => {
    const whole = fileName === "a.png" ? PICTURE : EXR;
    const { content } = await fetchOne((_, response) => sendWithoutLength(response, whole), fileName);
    expect(content?.equals(whole)).toBe(true);
  });

  test("in an unknown format, when its length is known", async () => {
    const { content } = await fetchOne((_, response) => sendWhole(response, Buffer.from("abc")), "a.dat");
    expect(content?.toString()).toBe("abc");
  });
});
