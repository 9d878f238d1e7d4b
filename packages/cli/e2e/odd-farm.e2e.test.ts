import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, startServer } from "../../core/test/with-server.ts";
import { readEvents, startCli } from "./with-cli.ts";

const JOB = "11111111-2222-4333-8444-555555555555";
const GARBLED: Answer = { body: '{"id": "7', headers: { "content-type": "application/json" } };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "renderjuice-odd-farm-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A farm with one validated job. `odd` overrides responses, by the end of the path. */
async function startFarm(analysis: object, odd: Readonly<Record<string, Answer>> = {}) {
  let status = "validated";
  const server = await startServer(({ path, method }): Answer => {
    const answer = Object.entries(odd).find(([end]) => path.endsWith(end))?.[1];
    if (answer) return answer;
    if (method === "POST" && path.endsWith("/render")) status = "completed";
    if (path.endsWith("/progress")) return { body: [] };
    return { body: { data: { id: JOB, status, analysis } } };
  });
  const env = {
    RENDERJUICE_API_URL: server.url,
    RENDERJUICE_API_KEY: "RJ-test-key",
    XDG_CONFIG_HOME: folder,
  };
  return {
    run: (...args: string[]) => startCli(args, env).outcome,
    rendersStarted: () => server.requests.filter(({ path }) => path.endsWith("/render")).length,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

describe.concurrent("files that the farm does not find", () => {
  const missingFiles = ["//textures/wood.png", "//rig.blend"];

  test("are listed before the render starts, and again when it is done", async () => {
    await using farm = await startFarm({ missingFiles });
    const { exitCode, stderr } = await farm.run("submit", "--job", JOB, "--frames", "1");
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(
      /did not find 2 files .*: \/\/textures\/wood\.png, \/\/rig\.blend\..*Render started\b.*rendered without 2 files .*wood\.png/s,
    );
  });

  test("stop the render with --require-complete, which prints the command that renders without them", async () => {
    await using farm = await startFarm({ missingFiles });
    const options = ["submit", "--job", JOB, "--frames", "1", "--require-complete"];
    const { exitCode, stdout } = await farm.run("--json", ...options);
    expect(exitCode).toBe(3);
    expect(farm.rendersStarted()).toBe(0);
    expect(readEvents(stdout).at(-1)).toMatchObject({
      type: "error",
      code: "scene_incomplete",
      jobId: JOB,
      missingFiles,
      next: `renderjuice submit --frames 1 --job ${JOB} --json`,
    });
    const validated = await farm.run("validate", "--job", JOB, "--require-complete");
    expect(validated.exitCode).toBe(3);
    expect(validated.stderr).toContain("wood.png");
  });
});

test("if the response to a start is garbage, the error has the job, its state and how to continue", async () => {
  await using farm = await startFarm({}, { "/render": GARBLED });
  const { exitCode, stderr } = await farm.run("submit", "--job", JOB, "--frames", "1-3", "--set", "fps=12");
  expect(exitCode).toBe(4);
  expect(stderr).toContain(`Job ${JOB} may be rendering.`);
  expect(stderr).toContain(`Next:   renderjuice submit --frames 1-3 --set fps=12 --job ${JOB}\n`);
  expect(stderr).toContain(`Cancel: renderjuice cancel ${JOB}\n`);
});

describe.concurrent("a start that is refused", () => {
  test.each([
    [400, 4, false],
    [402, 4, true],
    [409, 4, true],
    [403, 5, true],
  ])("with %i was none: not billed", async (status, expected, canContinue) => {
    await using farm = await startFarm({}, { "/render": { status, body: { message: "no" } } });
    const { exitCode, stderr } = await farm.run("submit", "--job", JOB, "--frames", "1-3");
    expect(exitCode).toBe(expected);
    expect(stderr).toContain(`Job ${JOB} was not started and is not billed.`);
    expect(stderr).not.toContain("may be rendering");
    // An invalid request would be refused again.
    expect(stderr.includes("Next:")).toBe(canContinue);
    if (status === 402) expect(stderr).toMatch(/minutes/);
  });
});

test("an invalid job id is rejected, without a word about a render", async () => {
  await using farm = await startFarm({});
  for (const args of [
    ["cancel", ".."],
    ["cancel", "a b"],
    ["submit", "--job", ".."],
    ["render", "a/b"],
  ]) {
    const { exitCode, stderr } = await farm.run(...args);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/^✖ ".*" is not a valid job id\.\n.*\n$/),
    });
  }
});

test.each([
  ["a refusal", { status: 400, body: { message: "no" } }],
  ["a page", { body: "<html>" }],
])("status answers although the counters are %s", async (_what, answer) => {
  await using farm = await startFarm({}, { "/progress": answer });
  expect(await farm.run("status", JOB)).toMatchObject({ exitCode: 0, stdout: `${JOB}  validated\n` });
});

test("a cancel that is never confirmed says so, and how to check: 8", async () => {
  const running: Answer = { body: { id: JOB, status: "rendering" } };
  await using farm = await startFarm({}, { "/cancel": running, [JOB]: running });
  const { exitCode, stderr } = await farm.run("cancel", JOB, "--timeout", "2s");
  expect(exitCode).toBe(8);
  expect(stderr).toContain(`Job ${JOB} may keep running and be billed`);
  expect(stderr).toContain(`renderjuice status ${JOB}`);
});
