import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { createClient, type RenderjuiceError } from "../src/index.ts";
import { loadCredentials, systemRuntime } from "../src/node/adapter.ts";

function errorOf(work: () => unknown): RenderjuiceError | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error as RenderjuiceError;
  }
}

describe("credentials", () => {
  async function createFolder() {
    const folder = await mkdtemp(join(tmpdir(), "renderjuice-credentials-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    return folder;
  }

  test("option comes before key file, environment and configuration file", async () => {
    const folder = await createFolder();
    const configFile = join(folder, "config.json");
    const apiKeyFile = join(folder, "key");
    await writeFile(configFile, JSON.stringify({ apiKey: "RJ-config", apiUrl: "https://config" }), {
      mode: 0o600,
    });
    await writeFile(apiKeyFile, "RJ-file\n", { mode: 0o600 });
    const env = { RENDERJUICE_API_KEY: "RJ-env", RENDERJUICE_API_URL: "https://env" };
    const all = { apiKey: "RJ-option", apiKeyFile, env, configFile, baseUrl: "https://option" };
    const { apiKey: _option, baseUrl: _url, ...withFile } = all;
    const { apiKeyFile: _file, ...withEnv } = withFile;
    expect(loadCredentials(all)).toMatchObject({ apiKey: "RJ-option", baseUrl: "https://option" });
    expect(loadCredentials(withFile)).toMatchObject({ apiKey: "RJ-file", baseUrl: "https://env" });
    expect(loadCredentials(withEnv)).toMatchObject({
      apiKey: "RJ-env",
      apiKeySource: "RENDERJUICE_API_KEY",
    });
    expect(loadCredentials({ configFile, env: {} })).toMatchObject({
      apiKey: "RJ-config",
      baseUrl: "https://config",
    });
  });

  test("none at all: says where to put one", async () => {
    const configFile = join(await createFolder(), "config.json");
    expect(errorOf(() => loadCredentials({ env: {}, configFile }))).toMatchObject({
      code: "missing_api_key",
      hint: expect.stringContaining("RENDERJUICE_API_KEY"),
    });
  });

  test.skipIf(process.platform === "win32")("a file that others may read is refused", async () => {
    const configFile = join(await createFolder(), "config.json");
    await writeFile(configFile, JSON.stringify({ apiKey: "RJ-config" }));
    await chmod(configFile, 0o640);
    expect(errorOf(() => loadCredentials({ env: {}, configFile }))).toMatchObject({
      hint: expect.stringContaining("chmod 600"),
    });
  });

  test("a configuration file that is not JSON is named", async () => {
    const configFile = join(await createFolder(), "config.json");
    await writeFile(configFile, "{", { mode: 0o600 });
    expect(() => loadCredentials({ env: {}, configFile })).toThrow(configFile);
  });

  test.each(["utf8", "utf16le", "utf16be"])("files as Windows saves them are read: %s", async (encoding) => {
    const folder = await createFolder();
    const encode = (text: string) => {
      const bytes = Buffer.from(`\ufeff${text}`, encoding === "utf8" ? "utf8" : "utf16le");
      return encoding === "utf16be" ? bytes.swap16() : bytes;
    };
    const [apiKeyFile, configFile] = [join(folder, "key"), join(folder, "config.json")];
    await writeFile(apiKeyFile, encode("RJ-file\r\n"), { mode: 0o600 });
    await writeFile(configFile, encode('{"apiKey":"RJ-config"}'), { mode: 0o600 });
    expect(loadCredentials({ apiKeyFile, env: {}, configFile })).toMatchObject({ apiKey: "RJ-file" });
    expect(loadCredentials({ env: {}, configFile })).toMatchObject({ apiKey: "RJ-config" });
  });

  test.each([
    ["RJ\u2013hidden", "a typographic dash (U+2013) at character 3 of 9"],
    ["\u201cRJ-hidden\u201d", "a typographic quotation mark"],
    ["RJ-hid\u00a0den", "a non-breaking space"],
    ["RJ-hid\u200bden", "an invisible character"],
    ["RJ-hid\nden", "a line break"],
    ["RJ-hid den", "a space"],
    ["R\0J\0-\0h\0", "saved as UTF-16"],
    ["RJ-hid\ufffdden", "not UTF-8"],
    ["RJ-hidd\u00e9n", "a character that keys do not contain"],
    ["'RJ-hidden'", "quotation marks"],
  ])("a key that cannot be one is refused before it is used, and not shown: %j", async (key, problem) => {
    const apiKeyFile = join(await createFolder(), "key");
    await writeFile(apiKeyFile, key, { mode: 0o600 });
    const error = errorOf(() => loadCredentials({ apiKeyFile, env: {} }));
    expect(error).toMatchObject({
      code: "invalid_api_key",
      message: expect.stringContaining(problem),
      hint: expect.stringMatching(/\w/),
    });
    expect(error?.message).toContain(apiKeyFile);
    expect(JSON.stringify(error)).not.toMatch(/hid/);
  });

  test("a key that a function brings is looked at too", async () => {
    const client = createClient({
      apiKey: async () => "RJ\u2014hidden",
      baseUrl: "http://127.0.0.1:1",
      transport: () => Promise.reject(new Error("not asked for")),
      runtime: systemRuntime,
    });
    await expect(client.jobs.get("j1")).rejects.toMatchObject({
      code: "invalid_api_key",
      message: expect.stringContaining("dash"),
    });
  });

  test("a configuration that cannot be read is named when there is no key elsewhere", async () => {
    const configFile = await createFolder();
    expect(errorOf(() => loadCredentials({ env: {}, configFile }))).toMatchObject({
      code: "missing_api_key",
      message: expect.stringContaining("EISDIR"),
    });
    expect(loadCredentials({ env: { RENDERJUICE_API_KEY: "RJ-k" }, configFile })).toMatchObject({
      apiKey: "RJ-k",
    });
  });
});
