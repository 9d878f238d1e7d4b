import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readWebServiceOptions } from "../src/web-service/web-service-options.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "renderjuice-deadline-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function passwordFile(content: string, mode = 0o600) {
  const path = join(folder, `password-${mode}-${content.length}`);
  await writeFile(path, content, { mode });
  return path;
}

const URL = "http://deadline:8082";

test("everything may come from the environment", async () => {
  const env = {
    DEADLINE_WEB_SERVICE_URL: URL,
    DEADLINE_WEB_SERVICE_USER: "wrangler",
    DEADLINE_WEB_SERVICE_PASSWORD: "from env",
  };
  const expected = { url: URL, user: "wrangler", password: "from env", timeoutMs: 30_000 };
  expect(await readWebServiceOptions({ timeout: 30 }, env)).toEqual(expected);
});

test("options win over the environment; a line break at the end is not part of a password", async () => {
  const env = {
    DEADLINE_WEB_SERVICE_URL: "http://other",
    DEADLINE_WEB_SERVICE_USER: "other",
    DEADLINE_WEB_SERVICE_PASSWORD: "from env",
  };
  const given = { url: URL, user: "wrangler", passwordFile: await passwordFile(" p w \n"), timeout: 1 };
  expect(await readWebServiceOptions(given, env)).toMatchObject({
    url: URL,
    user: "wrangler",
    password: " p w ",
  });
});

test("the environment may name the file", async () => {
  const env = { DEADLINE_WEB_SERVICE_PASSWORD_FILE: await passwordFile("of file") };
  const given = { url: URL, user: "wrangler", timeout: 1 };
  expect(await readWebServiceOptions(given, env)).toMatchObject({ password: "of file" });
});

test("without user and password none are sent", async () => {
  expect(await readWebServiceOptions({ url: URL, timeout: 1 }, {})).toEqual({ url: URL, timeoutMs: 1000 });
});

test.each([
  ["no URL", {}, "address of Deadline's Web Service is missing"],
  ["a user without a password", { url: URL, user: "wrangler" }, "password of wrangler is missing"],
  [
    "a file that is not there",
    { url: URL, user: "w", passwordFile: "/not/there" },
    "cannot be read (ENOENT)",
  ],
])("%s", async (_what, given, message) => {
  await expect(readWebServiceOptions({ timeout: 1, ...given }, {})).rejects.toThrow(message);
});

test("a password without a user", async () => {
  const env = { DEADLINE_WEB_SERVICE_PASSWORD: "s3cret" };
  await expect(readWebServiceOptions({ url: URL, timeout: 1 }, env)).rejects.toThrow("no user");
});

test.skipIf(process.platform === "win32")("a password file that others can read", async () => {
  const given = { url: URL, user: "w", passwordFile: await passwordFile("s3cret", 0o644), timeout: 1 };
  await expect(readWebServiceOptions(given, {})).rejects.toMatchObject({
    message: expect.stringContaining("other users can read it"),
    hint: expect.stringContaining("chmod 600"),
  });
});
