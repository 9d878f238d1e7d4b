import { execFileSync } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { DEMO_SCENE } from "./scenes.ts";
import { readEvents, startCli, startSandbox } from "./with-cli.ts";

const UNKNOWN_JOB = "00000000-0000-4000-8000-000000000000";

describe.concurrent("exit codes", () => {
  test.each([
    ["an unknown command", ["nope"], 2],
    ["an unknown option", ["submit", "--jsno"], 2],
    ["no scene", ["submit"], 2],
    ["a file that is not there", ["submit", "/nonexistent/shot.blend"], 2],
    ["a setting that does not exist", ["submit", DEMO_SCENE, "--set", "smaples=3"], 2],
    ["invalid frames", ["submit", DEMO_SCENE, "--frames", "1-x"], 2],
    ["a duration without a unit", ["wait", "JOB", "--timeout", "5"], 2],
    ["an invalid job id, to cancel", ["cancel", ".."], 2],
    ["an invalid job id, to download", ["download", "a/b", "--out", "frames"], 2],
    ["an invalid job id, to continue", ["submit", "--job", ".."], 2],
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

  test("a wrong key: 5; no server: 4", async () => {
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
    const download = await setup.run("download", job, "--out", join(setup.folder, "frames"));
    expect(download.exitCode).toBe(7);
    expect(download.stderr).toContain(`Job ${job} was canceled; it has no files.\n  Submit the scene again.`);
  });

  test("failed, also of a download: 6, with the reason", async () => {
    await using setup = await startSandbox({ faults: ["render-crash"] });
    const { stdout } = await setup.run("--json", "submit", DEMO_SCENE, "--frames", "1");
    const job = String(readEvents(stdout).at(-1)?.jobId);
    const download = await setup.run("download", job, "--out", join(setup.folder, "frames"));
    expect(download.exitCode).toBe(6);
    expect(download.stderr).toMatch(/failed: \w+/);
  });

  test("a wrong id does not stop the other jobs: 4", async () => {
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
  test("prints only events, and the result last", async () => {
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

  test("watch reports each job, and ends with the last one", async () => {
    await using setup = await startSandbox({ simulatedStepMs: 150 });
    await setup.run("submit", DEMO_SCENE, "--frames", "1-40", "--no-wait");
    await setup.run("submit", DEMO_SCENE, "--frames", "1-40", "--no-wait");
    const { exitCode, stdout } = await setup.run("--json", "watch");
    expect(exitCode).toBe(0);
    const completed = readEvents(stdout).filter(({ status }) => status === "completed");
    expect(new Set(completed.map(({ jobId }) => jobId)).size).toBe(2);
  });

  test("wait exits with the worst exit code", async () => {
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

  test.each(["--api-key", "--key"])(
    "cannot be given as %s, since process lists would show it",
    async (flag) => {
      const { exitCode } = await startCli([flag, "RJ-x", "list"]).outcome;
      expect(exitCode).toBe(2);
    },
  );
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

test("doctor distinguishes a missing key from a wrong one, and does not refer to itself", async () => {
  await using setup = await startSandbox();
  const noKey = await startCli(["doctor"], { ...setup.env, RENDERJUICE_API_KEY: "" }).outcome;
  expect(noKey.exitCode).toBe(5);
  expect(noKey.stdout).toMatch(/✖ key .*\n.*RENDERJUICE_API_KEY/);
  expect(noKey.stdout).toContain("- api      not checked, since there is no key");
  const env = { ...setup.env, RENDERJUICE_API_KEY: "RJ-wrong", NODE_EXTRA_CA_CERTS: "/studio/ca.pem" };
  const wrongKey = await startCli(["doctor"], env).outcome;
  expect(wrongKey.exitCode).toBe(5);
  expect(wrongKey.stdout).toContain("The key comes from RENDERJUICE_API_KEY");
  expect(wrongKey.stdout).not.toContain("renderjuice doctor");
  expect(wrongKey.stdout).toMatch(/✔ proxy {4}(?!.*CA_CERTS)/);
  expect(wrongKey.stdout).toContain("/studio/ca.pem");
});

test("wait says how a job ended, once", async () => {
  await using setup = await startSandbox({ simulatedStepMs: 150 });
  const { stdout } = await setup.run("--json", "submit", DEMO_SCENE, "--frames", "1-20", "--no-wait");
  const job = String(readEvents(stdout).at(-1)?.jobId);
  const waited = await setup.run("wait", job);
  expect(waited.stdout).toBe(`${job}  completed\n`);
  expect(waited.stderr).not.toContain("completed");
});

test("a download says what was already there, and where the contact sheet is", async () => {
  await using setup = await startSandbox();
  const out = join(setup.folder, "frames");
  const sheet = join(setup.folder, "sheet.png");
  const args = ["--out", out, "--contact-sheet", sheet];
  const { stdout } = await setup.run("--json", "submit", DEMO_SCENE, "--frames", "1-3", ...args);
  const result = readEvents(stdout).at(-1);
  expect(result?.contactSheet).toBe(sheet);
  await rm(join(out, "frame_0002.png"));
  const again = await setup.run("download", String(result?.jobId), ...args);
  expect(again.stderr).toMatch(/Downloaded 1 file in .*\. 2 files were already there\./);
  expect(again.stdout).toBe(`3 files in ${out}\nContact sheet: ${sheet}\n`);
});

test("the output of the sandbox makes renderjuice a command in another shell", async () => {
  const folder = await mkdtemp(join(tmpdir(), "renderjuice-alias-"));
  const sandbox = startCli(["sandbox", "--renderer", "simulated"], { PATH: "/usr/bin:/bin" });
  await sandbox.seen(/Stop with Ctrl-C/);
  sandbox.process.kill("SIGINT");
  const { stdout } = await sandbox.outcome;
  const printed = stdout.split("\n").filter((line) => /^ {2}(export|alias) /.test(line));
  expect(printed).toHaveLength(3);
  const script = join(folder, "script.sh");
  await writeFile(script, `${printed.join("\n")}\nrenderjuice --version\necho $RENDERJUICE_API_URL\n`);
  expect(execFileSync("sh", [script], { encoding: "utf8" })).toMatch(/^\d+\.\d+\.\d+\nhttp:/);
  await rm(folder, { recursive: true });
});

test("the error about a port in use has its number", async () => {
  await using setup = await startSandbox();
  const { port } = new URL(setup.sandbox.url);
  const { exitCode, stderr } = await startCli(["sandbox", "--renderer", "simulated", "--port", port]).outcome;
  expect(exitCode).toBe(2);
  expect(stderr).toContain(`The sandbox cannot start: port ${port} is in use by another program.`);
});

test("a reader that stops early does not cause a failure", async () => {
  const cli = startCli(["--help"]);
  cli.process.stdout.destroy();
  expect((await cli.outcome).exitCode).toBe(0);
});
