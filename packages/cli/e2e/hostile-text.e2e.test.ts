import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, startServer } from "../../core/test/with-server.ts";
import { startCli } from "./with-cli.ts";

const JOB = "11111111-2222-4333-8444-555555555555";
/** Sets the window's title, clears the screen, changes the color, and moves up a line. */
const ESCAPES =
  "\u001b]0;title\u0007\u001b[2J\u001b[31mred\r\n\u001b[1A\u009b32m\u202e\n::error::PWN\n##[error]PWN";
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const TOKEN_URL = "https://host.example/frame.png?token=very-secret";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "renderjuice-hostile-text-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A farm whose every text is an attack on the terminal. */
async function startFarm(status: string) {
  const job = {
    id: JOB,
    status,
    failedReason: { name: `boom${ESCAPES} ${TOKEN_URL}`, type: `type${ESCAPES}` },
    sceneFile: { fileName: `scene${ESCAPES}.blend` },
    analysis: { renderEngine: `engine${ESCAPES}` },
    finalConfig: { warnings: [`warning${ESCAPES}`] },
  };
  const server = await startServer(({ path }, response): Answer | undefined => {
    if (path.startsWith("/frame")) {
      response.writeHead(200, { "content-length": PNG.length }).end(PNG);
      return undefined;
    }
    if (path.endsWith("/refused"))
      return { status: 400, body: { error: { code: `code${ESCAPES}`, message: `no${ESCAPES}` } } };
    if (path.endsWith("/page")) return { status: 418, body: `<html><title>page${ESCAPES}</title></html>` };
    if (path.endsWith("/progress")) return { body: [] };
    if (path.endsWith("/downloads")) {
      const output = { url: `${server.url}/frame`, relativePath: `folder${ESCAPES}/x${ESCAPES}_0001.png` };
      return { body: { frames: [], frameOutputs: [output] } };
    }
    if (path.startsWith("/jobs?") || path === "/jobs") return { body: { jobs: [job] } };
    return { body: { data: job } };
  });
  const env = {
    RENDERJUICE_API_URL: server.url,
    RENDERJUICE_API_KEY: "RJ-test-key",
    XDG_CONFIG_HOME: folder,
  };
  return {
    run: (...args: string[]) => startCli(args, env).outcome,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** Starts a workflow command, on a line that looks like ours. */
const FORGED = /^\s*::|##\[/m;

/** All control characters except line breaks and tabs. */
const OBEYED = /(?![\n\t])[\p{Cc}\p{Bidi_Control}]/u;

describe.concurrent("text from the farm cannot control the terminal", () => {
  test.each([
    ["list", "odd", ["list"]],
    ["status", "failed", ["status", JOB]],
    ["the status itself", `odd${ESCAPES}`, ["status", JOB]],
    ["wait", "failed", ["wait", JOB]],
    ["watch", "failed", ["watch", JOB]],
    ["a refusal", "failed", ["status", "refused"]],
    ["a page of a proxy", "failed", ["status", "page"]],
    ["names of files and warnings", "completed", ["submit", "--job", JOB, "--frames", "1"]],
    ["names of files", "completed", ["download", JOB]],
    ["the log of requests", "failed", ["--verbose", "status", "refused"]],
  ])("%s", async (what, status, args) => {
    await using farm = await startFarm(status);
    const out = ["submit", "download"].includes(args[0] ?? "")
      ? ["--out", join(folder, what.replaceAll(" ", "-"))]
      : [];
    for (const json of [[], ["--json"]]) {
      const { stdout, stderr } = await farm.run(...json, ...args, ...out);
      expect(stdout + stderr).not.toMatch(OBEYED);
      expect(stdout + stderr).not.toMatch(FORGED);
      expect(stdout + stderr).not.toContain("very-secret");
      expect((stdout + stderr).length).toBeGreaterThan(0);
    }
  });
});
