import { describe, expect, test } from "vitest";
import { fetchOutput, readOutputRefusal, type UploadOptions, uploadSource } from "../src/adapter.ts";
import { backoffMs } from "../src/http/retry/backoff.ts";
import { TRANSFER_RETRY_POLICY } from "../src/http/retry/policy.ts";
import type { Source } from "../src/index.ts";
import { createManualRuntime } from "./manual-runtime.ts";
import { type Answer, type ReceivedRequest, startServer } from "./with-server.ts";

const SOURCE: Source = {
  fileName: "shot.blend",
  fileType: "blend",
  sizeBytes: 5,
  async *open() {
    yield Buffer.from("scene");
  },
  checkUnchanged: async () => undefined,
  readFacts: () => Promise.reject(new Error("not asked for")),
};

function s3(status: number, code: string, message: string, headers: Record<string, string> = {}): Answer {
  const body = `<?xml version="1.0"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, headers: { "content-type": "application/xml", ...headers }, body };
}

interface Storage {
  /** Below the server's origin; the number tells the targets apart. */
  readonly target?: (origin: string, number: number) => Record<string, unknown>;
  readonly put: (request: ReceivedRequest, number: number) => Answer;
  readonly runtime?: ReturnType<typeof createManualRuntime>;
}

/** An API whose upload targets lead to storage that answers each `PUT` as the test says. */
async function startStorage({ target, put, runtime = createManualRuntime() }: Storage) {
  let targets = 0;
  let puts = 0;
  const server = await startServer(
    (request) => {
      if (request.method === "PUT") return put(request, ++puts);
      targets += 1;
      const given = target?.(server.url, targets) ?? { uploadUrl: `${server.url}/put?target=${targets}` };
      return { body: { slug: `slug-${targets}`, ...given } };
    },
    { runtime, retry: {} },
  );
  return Object.assign(server, {
    runtime,
    puts: () => server.requests.filter(({ method }) => method === "PUT"),
    upload: (options?: UploadOptions) => uploadSource(server.client, SOURCE, options),
  });
}

const OK: Answer = { status: 200 };
const failTimes = (times: number, answer: Answer) => (_: ReceivedRequest, number: number) =>
  number <= times ? answer : OK;

describe("storage that refuses an upload", () => {
  test.each([
    ["RequestTimeout", 400],
    ["OperationAborted", 409],
    ["SlowDown", 503],
    ["IncompleteBody", 400],
  ])("%s (%i) is tried again with the same URL", async (code, status) => {
    await using storage = await startStorage({ put: failTimes(2, s3(status, code, "Try again.")) });
    expect(await storage.upload()).toBe("slug-1");
    expect(storage.puts()).toHaveLength(3);
  });

  test.each([
    ["ExpiredToken", 400, "The provided token has expired."],
    ["AccessDenied", 403, "Request has expired"],
    ["AuthenticationFailed", 403, "Signature not valid in the specified time frame"],
  ])("%s (%i, %s) is tried again with a new URL", async (code, status, message) => {
    await using storage = await startStorage({ put: failTimes(1, s3(status, code, message)) });
    expect(await storage.upload()).toBe("slug-2");
    expect(storage.puts().map(({ path }) => path)).toEqual(["/put?target=1", "/put?target=2"]);
  });

  test.each([
    ["AccessDenied", 403, "Access Denied"],
    ["SignatureDoesNotMatch", 403, "The request signature we calculated does not match"],
    ["NoSuchBucket", 404, "The specified bucket does not exist"],
    ["NotImplemented", 501, "A header you provided implies functionality that is not implemented"],
    ["EntityTooLarge", 400, "Your proposed upload exceeds the maximum allowed size"],
  ])(
    "%s (%i) is reported in the words of the storage, and nothing is sent twice",
    async (code, status, message) => {
      await using storage = await startStorage({ put: () => s3(status, code, message) });
      await expect(storage.upload()).rejects.toMatchObject({
        code: "upload_rejected",
        message: expect.stringMatching(new RegExp(`shot\\.blend: ${message}.*${code}.*${status}`)),
        hint: expect.stringMatching(/\w/),
      });
      expect(storage.puts()).toHaveLength(1);
    },
  );

  test("a URL that is good for one request may be used up by one whose answer was lost", async () => {
    const used = s3(403, "AccessDenied", "This URL was already used");
    await using storage = await startStorage({
      put: (_, number) => [{ status: 502 }, used][number - 1] ?? OK,
    });
    expect(await storage.upload()).toBe("slug-2");
  });

  test("413 says that the file is too large", async () => {
    await using storage = await startStorage({ put: () => ({ status: 413 }) });
    await expect(storage.upload()).rejects.toMatchObject({
      code: "upload_rejected",
      hint: expect.stringContaining("smaller"),
    });
  });

  test("without a reason may be an expired URL: one more is tried", async () => {
    await using storage = await startStorage({ put: () => ({ status: 403 }) });
    await expect(storage.upload()).rejects.toMatchObject({ code: "upload_rejected" });
    expect(storage.puts()).toHaveLength(2);
  });

  const signedAt = (time: string) => (origin: string, number: number) => ({
    uploadUrl: `${origin}/put?target=${number}&X-Amz-Date=${time}&X-Amz-Expires=900`,
  });
  const date = { date: "Thu, 01 Jan 2026 12:00:00 GMT" };

  test("without a reason, when the URL's time is over by the storage's clock: a new one is used", async () => {
    await using storage = await startStorage({
      target: (origin, number) =>
        signedAt(number === 1 ? "20260101T110000Z" : "20260101T120000Z")(origin, number),
      put: failTimes(1, { status: 403, headers: date }),
    });
    expect(await storage.upload()).toBe("slug-2");
  });

  test("without a reason, when the URL's time is not over: nothing is sent twice", async () => {
    await using storage = await startStorage({
      target: signedAt("20260101T115900Z"),
      put: () => ({ status: 403, headers: date }),
    });
    await expect(storage.upload()).rejects.toMatchObject({ code: "upload_rejected" });
    expect(storage.puts()).toHaveLength(1);
  });
});

describe("clocks", () => {
  test("the clock here does not decide that a URL has expired", async () => {
    await using storage = await startStorage({
      target: (origin) => ({ uploadUrl: `${origin}/put`, expiresAt: "2020-01-01T00:00:00Z" }),
      put: () => OK,
    });
    expect(await storage.upload()).toBe("slug-1");
  });

  test.each([
    ["RequestTimeTooSkewed", "The difference between the request time and the current time is too large."],
    ["AccessDenied", "Request has expired"],
  ])("a refusal because of time (%s) names the clock that is wrong", async (code, message) => {
    // The clock here stands at midnight.
    const put = (time: string) => s3(403, code, message, { date: `Thu, 01 Jan 2026 ${time} GMT` });
    await using ahead = await startStorage({ put: () => put("00:00:00") });
    await expect(ahead.upload()).rejects.toMatchObject({
      hint: expect.stringMatching(/clock.*agrees with that of storage/),
    });
    await using behind = await startStorage({ put: () => put("02:00:00") });
    await expect(behind.upload()).rejects.toMatchObject({
      hint: expect.stringContaining("120 minutes behind"),
    });
  });
});

describe("headers that the URL was signed with", () => {
  const signed = (names: string, members: Record<string, unknown> = {}) => ({
    target: (origin: string) => ({
      uploadUrl: `${origin}/put?X-Amz-SignedHeaders=${encodeURIComponent(names)}`,
      ...members,
    }),
  });

  test("none but the length are sent when none are signed", async () => {
    await using storage = await startStorage({ ...signed("host"), put: () => OK });
    await storage.upload();
    expect(storage.puts()[0]?.headers).not.toHaveProperty("content-type");
  });

  test.each([
    ["the usual value", {}, "application/octet-stream"],
    ["contentType", { contentType: "application/zip" }, "application/zip"],
    ["a map", { headers: { "Content-Type": "application/zip" } }, "application/zip"],
    ["a list", { requiredHeaders: [{ name: "content-type", value: "application/zip" }] }, "application/zip"],
  ])("a content type is sent: %s", async (_how, members, expected) => {
    await using storage = await startStorage({ ...signed("content-type;host", members), put: () => OK });
    await storage.upload();
    expect(storage.puts()[0]?.headers["content-type"]).toBe(expected);
  });

  test("a wrong guess is reported", async () => {
    await using storage = await startStorage({
      ...signed("content-type;host"),
      put: () => s3(403, "SignatureDoesNotMatch", "The request signature does not match"),
    });
    await expect(storage.upload()).rejects.toMatchObject({ hint: expect.stringContaining("content-type") });
  });

  test("a header that cannot be known is named, and nothing is sent", async () => {
    await using storage = await startStorage({ ...signed("host;x-amz-acl"), put: () => OK });
    await expect(storage.upload()).rejects.toMatchObject({
      code: "upload_rejected",
      message: expect.stringContaining('"x-amz-acl"'),
    });
    expect(storage.puts()).toHaveLength(0);
  });

  test("the API cannot make us send what is never storage's", async () => {
    const headers = { Authorization: "Bearer x", Host: "evil.example", "Transfer-Encoding": "chunked" };
    await using storage = await startStorage({ ...signed("host", { headers }), put: () => OK });
    await storage.upload();
    const sent = storage.puts()[0]?.headers;
    expect(sent).not.toHaveProperty("authorization");
    expect(sent).toMatchObject({ host: new URL(storage.url).host, "content-length": "5" });
  });
});

describe("a redirect of storage", () => {
  test.each([307, 308])("%i is followed, with the body and without the key", async (status) => {
    await using storage = await startStorage({
      put: ({ path }) => (path.startsWith("/moved") ? OK : { status, headers: { location: "/moved?sig=1" } }),
    });
    await storage.upload();
    expect(storage.puts().at(-1)).toMatchObject({ path: "/moved?sig=1", body: "scene" });
    expect(storage.puts().at(-1)?.headers).not.toHaveProperty("authorization");
  });

  test.each([301, 302, 303])("%i is not", async (status) => {
    await using storage = await startStorage({ put: () => ({ status, headers: { location: "/moved" } }) });
    await expect(storage.upload()).rejects.toMatchObject({ code: "upload_rejected" });
    expect(storage.puts()).toHaveLength(1);
  });

  test("in a circle ends", async () => {
    await using storage = await startStorage({ put: () => ({ status: 307, headers: { location: "/put" } }) });
    await expect(storage.upload()).rejects.toMatchObject({ code: "upload_rejected" });
    expect(storage.puts()).toHaveLength(4);
  });

  test.each(["file:///etc/passwd", "ftp://host/x", "not a url%%", "http://"])(
    "to %s is not followed",
    async (location) => {
      await using storage = await startStorage({ put: () => ({ status: 307, headers: { location } }) });
      await expect(storage.upload()).rejects.toMatchObject({ code: "upload_rejected" });
    },
  );
});

describe("a URL from the API that cannot be used", () => {
  const urls = [
    "file:///etc/passwd",
    "javascript:alert(1)",
    "not a URL",
    "http://host:99999/",
    "ftp://host/x",
  ];

  test.each(urls)("for an upload: %s", async (uploadUrl) => {
    await using storage = await startStorage({ target: () => ({ uploadUrl }), put: () => OK });
    await expect(storage.upload()).rejects.toMatchObject({
      code: "upload_rejected",
      message: expect.stringContaining("shot.blend cannot be uploaded"),
    });
  });

  test.each(urls)("for a download: %s", async (url) => {
    const fetched = fetchOutput({
      file: "frame.png",
      url: async () => url,
      receive: () => Promise.reject(new Error("not asked for")),
      runtime: createManualRuntime(),
    });
    await expect(fetched).rejects.toMatchObject({ code: "download_incomplete", file: "frame.png" });
  });
});

describe("storage that refuses a download", () => {
  /** @returns the URLs that were tried */
  async function fetchFrom(answers: Answer[], urls: string[]) {
    const tried: string[] = [];
    let renewals = 0;
    const result = await fetchOutput({
      file: "frame.png",
      url: async (refused) => urls[refused === undefined ? 0 : Math.min(++renewals, urls.length - 1)] ?? "",
      receive: async (url) => {
        const { status = 200, headers = {}, body = "" } = answers[tried.length] ?? {};
        tried.push(new URL(url).pathname);
        if (status === 200) return "received";
        throw readOutputRefusal({ file: "frame.png", url, status, headers, text: String(body), nowMs: 0 });
      },
      runtime: createManualRuntime(),
    }).catch((error) => error);
    return { result, tried };
  }
  const urls = ["https://host/1", "https://host/2", "https://host/3", "https://host/4"];

  test("because of time: a new URL is used", async () => {
    const { result, tried } = await fetchFrom([s3(403, "AccessDenied", "Request has expired")], urls);
    expect([result, tried]).toEqual(["received", ["/1", "/2"]]);
  });

  test("for another reason: a new address is requested once, and then the error gives the reason", async () => {
    const denied = s3(403, "AccessDenied", "Access Denied");
    const { result, tried } = await fetchFrom([denied, denied, denied], urls);
    expect(tried).toEqual(["/1", "/2"]);
    expect(result).toMatchObject({
      code: "download_incomplete",
      message: expect.stringContaining("Access Denied (AccessDenied, status 403)"),
    });
  });

  test("and has no other URL to offer: the same is not asked for again", async () => {
    const expired = s3(403, "AccessDenied", "Request has expired");
    const { tried } = await fetchFrom([expired, expired, expired], ["https://host/1"]);
    expect(tried).toEqual(["/1", "/1"]);
  });
});

describe("an outage of storage", () => {
  test.each([0, 0.5, 0.999])(
    "is waited out for two minutes at least, whatever chance says (%d)",
    (random) => {
      const attempts = Array.from({ length: TRANSFER_RETRY_POLICY.maxAttempts - 1 }, (_, index) => index + 1);
      const waits = attempts.map((attempt) => backoffMs(attempt, TRANSFER_RETRY_POLICY, () => random));
      expect(waits.reduce((sum, wait) => sum + wait)).toBeGreaterThanOrEqual(120_000);
    },
  );

  test("of ten seconds ends no upload", async () => {
    const runtime = createManualRuntime();
    const backMs = runtime.now() + 10_000;
    await using storage = await startStorage({
      runtime,
      put: () => (runtime.now() < backMs ? { status: 503 } : OK),
    });
    expect(await storage.upload()).toBe("slug-1");
  });
});
