import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { DEMO_SCENE } from "./scenes.ts";
import { readEvents, startCli, startSandbox } from "./with-cli.ts";

const UNKNOWN_JOB = "00000000-0000-4000-8000-000000000000";

describe.concurrent("exit codes", () => {
  test.each([
    ["an unknown command", ["nope"], 2],
    ["an unknown option", ["submit", "--jsno"], 2],
    ["nothing to submit", ["submit"], 2],
    ["a file that is not there", ["submit", "/nonexistent/shot.blend"], 2],
    ["a setting that does not exist", ["submit", DEMO_SCENE, "--set", "smaples=3"], 2],
    ["frames that make no sense", ["submit", DEMO_SCENE, "--frames", "1-x"], 2],
    ["a duration without a unit", ["wait", "JOB", "--timeout", "5"], 2],
    ["what is not the id of a job, to cancel", ["cancel", ".."], 2],
    ["what is not the id of a job, to fetch", ["download", "a/b", "--out", "frames"], 2],
    ["what is not the id of a job, to go on with", ["submit", "--job", ".."], 2],
    ["a job that does not exist", ["status", UNKNOWN_JOB], 4],
    ["help", ["submit", "--help"], 0],
    ["the version", ["--version"], 0],
  ])("%s", async (_what, args, expected) => {
    await using setup = await startSandbox();
    const { exitCode, stdout, stderr } = await setup.run(...args);
    expect(exitCode, stderr).toBe(expected);
    expect(expected === 0 ? stdout : stderr).toMatch(/\w/);
    if (expected !== 0) expect(stdout).toBe("");
  });

  test("a scene with errors is not uploaded: 3", async () => {
    await using setup = await startSandbox();
    const scene = join(setup.folder, "shot.blend");
    await writeFile(scene, "not a blender file");
    expect(await setup.run("submit", scene)).toMatchObject({ exitCode: 3 });
    expect(await setup.run("preflight", scene)).toMatchObject({ exitCode: 3 });
    expect(setup.sandbox.statistics.requests).toEqual({});
  });

  test("a wrong key: 5, and nobody listening: 4", async () => {
    await using setup = await startSandbox();
    const wrongKey = { ...setup.env, RENDERJUICE_API_KEY: "RJ-wrong" };
    expect((await startCli(["list"], wrongKey).outcome).exitCode).toBe(5);
    const noKey = { ...setup.env, RENDERJUICE_API_KEY: "" };
    const { exitCode, stderr } = await startCli(["list"], noKey).outcome;
    expect(exitCode).toBe(5);
    expect(stderr).toContain("RENDERJUICE_API_KEY");
    const offline = { ...setup.env, RENDERJUICE_API_URL: "http://127.0.0.1:1/" };
    expect((await startCli(["list"], offline).outcome).exitCode).toBe(4);
  });

  test("canceled: 7; out of time: 8", async () => {
    await using setup = await startSandbox({ simulatedStepMs: 200 });
    const started = await setup.run("--json", "submit", DEMO_SCENE, "--frames", "1-500", "--no-wait");
    const job = String(readEvents(started.stdout).at(-1)?.jobId);
    expect(await setup.run("wait", job, "--timeout", "1s")).toMatchObject({ exitCode: 8 });
    expect(await setup.run("cancel", job)).toMatchObject({ exitCode: 0 });
    expect(await setup.run("wait", job)).toMatchObject({ exitCode: 7 });
  });

  test("one wrong id keeps nothing from the other jobs: 4", async () => {
    await using setup = await startSandbox({ simulatedStepMs: 200 });
    const started = await setup.run("--json", "submit", DEMO_SCENE, "--frames", "1-500", "--no-wait");
    const job = String(readEvents(started.stdout).at(-1)?.jobId);
    const canceled = await setup.run("cancel", UNKNOWN_JOB, job);
    expect(canceled).toMatchObject({ exitCode: 4, stdout: `Job ${job} is canceled.\n` });
    expect(canceled.stderr).toContain(UNKNOWN_JOB);
    const status = await setup.run("status", UNKNOWN_JOB, job);
    expect(status).toMatchObject({ exitCode: 4, stdout: expect.stringContaining(`${job}  canceled`) });
  });
});

describe.concurrent("--json", () => {
  test("gives events only, the last of them the result", async () => {
    await using setup = await startSandbox();
    const out = join(setup.folder, "frames");
    const { stdout, stderr } = await setup.run(
      "--json",
      "submit",
      DEMO_SCENE,
      "--frames",
      "1-2",
      "--out",
      out,
    );
    const events = readEvents(stdout);
    expect(stderr).toBe("");
    expect(events.at(-1)).toMatchObject({ type: "result", status: "completed", downloads: { outDir: out } });
    expect(events.filter(({ type }) => type === "result")).toHaveLength(1);
  });

  test("a dry run shows the requests and sends none", async () => {
    await using setup = await startSandbox();
    const { stdout } = await setup.run(
      "--json",
      "submit",
      DEMO_SCENE,
      "--dry-run",
      "--frames",
      "1-4",
      "--set",
      "fps=12",
    );
    expect(readEvents(stdout).at(-1)).toMatchObject({
      dryRun: true,
      requests: expect.arrayContaining([
        {
          request: "POST /jobs/{id}/render",
          body: { requestedRenderConfig: expect.objectContaining({ frameRanges: ["1-4"] }) },
        },
      ]),
    });
    expect(setup.sandbox.statistics.requests).toEqual({});
  });

  test("watch tells how each job goes, and ends with the last of them", async () => {
    await using setup = await startSandbox({ simulatedStepMs: 150 });
    await setup.run("submit", DEMO_SCENE, "--frames", "1-40", "--no-wait");
    await setup.run("submit", DEMO_SCENE, "--frames", "1-40", "--no-wait");
    const { exitCode, stdout } = await setup.run("--json", "watch");
    expect(exitCode).toBe(0);
    const completed = readEvents(stdout).filter(({ status }) => status === "completed");
    expect(new Set(completed.map(({ jobId }) => jobId)).size).toBe(2);
  });

  test("wait ends with the code of the worst job", async () => {
    await using setup = await startSandbox({ faults: ["render-crash"] });
    const jobs: string[] = [];
    for (let count = 0; count < 2; count++) {
      const { stdout } = await setup.run("--json", "submit", DEMO_SCENE, "--frames", "1-2", "--no-wait");
      jobs.push(String(readEvents(stdout).at(-1)?.jobId));
    }
    const { exitCode, stdout } = await setup.run("--json", "wait", ...jobs);
    expect(exitCode).toBe(6);
    expect(readEvents(stdout).map(({ type, exitCode: code }) => [type, code])).toEqual(
      expect.arrayContaining([
        ["error", 6],
        ["result", undefined],
      ]),
    );
  });
});

describe.concurrent("the key", () => {
  test("is never shown, however much is logged", async () => {
    await using setup = await startSandbox({ faults: ["rate-limit:0", "upload-reset", "download-reset:10"] });
    const out = join(setup.folder, "frames");
    const { exitCode, stdout, stderr } = await setup.run(
      ...["--verbose", "submit", DEMO_SCENE, "--frames", "1-2", "--out", out],
    );
    expect(exitCode).toBe(0);
    expect(stderr).toContain("/jobs");
    expect(stdout + stderr).not.toContain(setup.env.RENDERJUICE_API_KEY);
    expect(stdout + stderr).not.toMatch(/signature=(?!\[redacted\])[^&\s"]/i);
  });

  test("comes from a file that nobody else may read", async () => {
    await using setup = await startSandbox();
    const keyFile = join(setup.folder, "key");
    await writeFile(keyFile, `${setup.env.RENDERJUICE_API_KEY}\n`, { mode: 0o600 });
    const env = { ...setup.env, RENDERJUICE_API_KEY: "" };
    expect(await startCli(["--api-key-file", keyFile, "list"], env).outcome).toMatchObject({ exitCode: 0 });
    await chmod(keyFile, 0o644);
    const { exitCode, stderr } = await startCli(["--api-key-file", keyFile, "list"], env).outcome;
    expect(exitCode).toBe(2);
    expect(stderr).toContain("chmod 600");
  });

  test.each(["--api-key", "--key"])("cannot be given as %s, where a process list shows it", async (flag) => {
    const { exitCode } = await startCli([flag, "RJ-x", "list"]).outcome;
    expect(exitCode).toBe(2);
  });
});

test("doctor says what works and what does not", async () => {
  await using setup = await startSandbox();
  const healthy = await setup.run("--json", "doctor");
  expect(healthy.exitCode).toBe(0);
  expect(readEvents(healthy.stdout)[0]).toMatchObject({
    isHealthy: true,
    findings: expect.arrayContaining([expect.objectContaining({ check: "api", state: "ok" })]),
  });
  const offline = { ...setup.env, RENDERJUICE_API_URL: "http://127.0.0.1:1/" };
  const { exitCode, stdout } = await startCli(["doctor"], offline).outcome;
  expect(exitCode).toBe(4);
  expect(stdout).toMatch(/✖ api .*127\.0\.0\.1:1/);
});

test("a reader that stops early is no failure", async () => {
  const cli = startCli(["--help"]);
  cli.process.stdout.destroy();
  expect((await cli.outcome).exitCode).toBe(0);
});
