import { execFile } from "node:child_process";
import { appendFile, readdir, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { DEMO_SCENE } from "./scenes.ts";
import { CLI, readEvents, startCli, startSandbox } from "./with-cli.ts";

/** Slow enough for every test to interrupt it. */
const SLOW = { simulatedStepMs: 200 };

async function statusesOf(setup: Awaited<ReturnType<typeof startSandbox>>): Promise<string[]> {
  const { stdout } = await setup.run("--json", "list");
  return readEvents(stdout).flatMap(({ jobs }) => (jobs as { status: string }[]).map(({ status }) => status));
}

/** The printed command that continues. */
const nextIn = (stderr: string): string => /^\s+Next: +(renderjuice .*)$/m.exec(stderr)?.[1] ?? "";

/** Interrupts the program and waits until the sandbox has noticed. */
async function interrupt(cli: ReturnType<typeof startCli>, signal: NodeJS.Signals = "SIGINT") {
  cli.process.kill(signal);
  return cli.outcome;
}

test("Ctrl-C during the upload: no job is left", async () => {
  await using setup = await startSandbox();
  const scene = join(setup.folder, "large.blend");
  await writeFile(scene, "BLENDER-v304");
  await truncate(scene, 2 ** 30);
  await appendFile(scene, "ENDB");
  const cli = setup.start("--json", "submit", scene);
  await cli.seen(/upload-progressed/);
  const { exitCode, stdout } = await interrupt(cli);
  expect(exitCode).toBe(130);
  expect(readEvents(stdout).at(-1)).toMatchObject({
    type: "note",
    message: "Stopped. No job was created and nothing is billed. Continuing starts the upload over.",
    next: `renderjuice submit ${scene} --json`,
  });
  expect(setup.sandbox.statistics.jobsCreated).toBe(0);
});

test("Ctrl-C during the render detaches: the job keeps running and can be resumed", async () => {
  await using setup = await startSandbox(SLOW);
  const out = join(setup.folder, "my frames");
  const options = ["--frames", "1-30", "--set", "resolutionPercentage=50", "--out", out];
  const cli = setup.start("submit", DEMO_SCENE, ...options, "--on-interrupt", "detach");
  await cli.seen(/% \(\d+ of 30 frames\)/);
  const { exitCode, stderr } = await interrupt(cli);
  expect(exitCode).toBe(130);
  expect(stderr).toMatch(/Detached. Job \S+ keeps running\./);

  const attached = await setup.paste(nextIn(stderr));
  expect(attached.exitCode).toBe(0);
  expect(await readdir(out)).toContain("frame_0030.png");
  expect(setup.sandbox.statistics).toMatchObject({ jobsCreated: 1, rendersStarted: 1 });
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s during the render cancels the job when told so",
  async (signal) => {
    await using setup = await startSandbox(SLOW);
    const cli = setup.start("submit", DEMO_SCENE, "--frames", "1-100", "--on-interrupt", "cancel");
    await cli.seen(/Render started/);
    const { exitCode, stderr } = await interrupt(cli, signal);
    expect(exitCode).toBe(130);
    expect(stderr).toMatch(/Job \S+ is canceled\./);
    expect(await statusesOf(setup)).toEqual(["canceled"]);
    expect(setup.sandbox.statistics.rendersRunning).toBe(0);
  },
);

test.each([
  ["y", "canceled"],
  ["n", "rendering"],
])("on a terminal, Ctrl-C asks once; %s leaves the job %s", async (answer, status) => {
  await using setup = await startSandbox(SLOW);
  const submit = [...CLI, "submit", DEMO_SCENE, "--frames", "1-200"].map((part) => `'${part}'`).join(" ");
  // script(1) gives the program a terminal; the shell presses Ctrl-C and types the answer.
  const keys = `until grep -q 'Render started' screen; do sleep 0.1; done; printf '\\003'; until grep -q 'y/N' screen; do sleep 0.1; done; echo ${answer}`;
  const shell = `cd '${setup.folder}' && touch screen && (${keys}) | script -qefc "stty rows 24 cols 100; ${submit}" screen`;
  const exitCode = await new Promise((resolve) => {
    execFile("sh", ["-c", shell], { env: { ...process.env, ...setup.env } }, (error) =>
      resolve(error?.code ?? 0),
    );
  });
  expect(exitCode).toBe(130);
  expect(await statusesOf(setup)).toEqual([status]);
});

test("Ctrl-C during the download keeps the files downloaded so far, and the next run downloads the rest", async () => {
  // The first file arrives; the others would take minutes.
  await using setup = await startSandbox({ faults: ["download-slow", "download-slow:600000*all"] });
  const out = join(setup.folder, "frames");
  const cli = setup.start("--json", "submit", DEMO_SCENE, "--frames", "1-8", "--out", out);
  const event = JSON.parse(await cli.seen(/"file-progressed"/));
  expect(event.receivedBytes).toBeGreaterThan(0);
  const { exitCode, stdout } = await interrupt(cli);
  expect(exitCode).toBe(130);
  const events = readEvents(stdout);
  const { jobId } = events.find(({ type }) => type === "job-created") as unknown as { jobId: string };
  expect(events.at(-1)).toMatchObject({
    message: `Stopped. Job ${jobId} is complete, and the files downloaded so far are kept.`,
    jobId,
    next: expect.stringContaining(`--out ${out}`),
  });

  setup.sandbox.faults.clear();
  const { exitCode: second } = await setup.paste(String(events.at(-1)?.next));
  expect(second).toBe(0);
  expect((await readdir(out)).filter((name) => name.endsWith(".png"))).toHaveLength(8);
  expect(setup.sandbox.statistics.rendersStarted).toBe(1);
});

test("a sandbox that is killed in the middle of a render and started again costs the waiting client nothing", async () => {
  await using setup = await startSandbox();
  const data = join(setup.folder, "data");
  const sandbox = (...ports: string[]) =>
    startCli(["--json", "sandbox", "--renderer", "simulated", "--data", data, ...ports]);
  const first = sandbox();
  const { apiUrl, storageUrl, keyFile } = JSON.parse(await first.seen(/"result"/));
  const out = join(setup.folder, "frames");
  const submit = startCli([
    "--api-url",
    apiUrl,
    "--api-key-file",
    keyFile,
    "--json",
    "submit",
    DEMO_SCENE,
    "--frames",
    "1-30",
    "--out",
    out,
  ]);
  await submit.seen(/"completedFrames":[1-9]/);
  first.process.kill("SIGKILL");
  await first.outcome;
  const second = sandbox("--port", new URL(apiUrl).port, "--storage-port", new URL(storageUrl).port);
  const { exitCode, stdout, stderr } = await submit.outcome;
  second.process.kill("SIGTERM");
  expect(exitCode, stderr).toBe(0);
  expect(readEvents(stdout).at(-1)).toMatchObject({ type: "result", downloads: { missingFrames: [] } });
  expect((await readdir(out)).filter((name) => name.endsWith(".png"))).toHaveLength(30);
  await second.outcome;
});

test("Ctrl-C before the render was started: nothing is billed, and the printed command renders what was requested", async () => {
  await using setup = await startSandbox({ faults: ["slow-request:60000@validateJob"] });
  const options = ["--frames", "2-3", "--set", "notes=it's mine", "--out", join(setup.folder, "frames")];
  const cli = setup.start("submit", DEMO_SCENE, ...options);
  await cli.seen(/Job [\w-]{36}/);
  const { stderr } = await interrupt(cli);
  expect(stderr).toMatch(/Stopped\. Job \S+ was not started and is not billed\./);
  setup.sandbox.faults.clear();
  const { exitCode } = await setup.paste(nextIn(stderr));
  expect(exitCode).toBe(0);
  const { stdout } = await setup.run("--json", "list");
  const requestedConfig = expect.objectContaining({ frameRanges: ["2-3"], notes: "it's mine" });
  expect(readEvents(stdout)[0]).toMatchObject({ jobs: [{ requestedConfig }] });
  expect(setup.sandbox.statistics).toMatchObject({ jobsCreated: 1, rendersStarted: 1 });
});

test("Ctrl-C while the job is created: the printed command starts with the upload", async () => {
  await using setup = await startSandbox({ faults: ["slow-request:60000@createJob"] });
  const cli = setup.start("--json", "submit", DEMO_SCENE, "--frames", "2-3", "--no-wait");
  await cli.seen(/create-started/);
  const { exitCode, stdout } = await interrupt(cli);
  expect(exitCode).toBe(130);
  const next = readEvents(stdout).at(-1)?.next;
  expect(next).toMatch(/^renderjuice submit --frames 2-3 --no-wait --slug \S+ --json$/);
  setup.sandbox.faults.clear();
  expect((await setup.paste(String(next))).exitCode).toBe(0);
  expect(setup.sandbox.statistics).toMatchObject({ uploads: 1, rendersStarted: 1 });
});

describe.concurrent("a start request that was sent", () => {
  const reluctant = (ms: number) => ({
    ...SLOW,
    faults: ["idle-cancel-refused*all", `slow-request:${ms}@startRender`],
  });

  test.for([
    ["quickly", 700],
    ["after a long time", 12_000],
  ] as const)("and is answered %s leaves no render when it is canceled", async ([, ms], { expect }) => {
    await using setup = await startSandbox(reluctant(ms));
    const cli = setup.start("submit", DEMO_SCENE, "--frames", "1-100", "--on-interrupt", "cancel");
    await expect.poll(() => setup.sandbox.statistics.requests.startRender, { timeout: 20_000 }).toBe(1);
    const { exitCode, stderr } = await interrupt(cli);
    expect(exitCode).toBe(130);
    expect(stderr).toMatch(/Job \S+ is canceled\./);
    expect(setup.sandbox.statistics).toMatchObject({ rendersStarted: 1, rendersRunning: 0 });
  });

  test("does not lead to a render if another process cancels the job", async () => {
    await using setup = await startSandbox(reluctant(4000));
    const cli = setup.start("--json", "submit", DEMO_SCENE, "--frames", "1-100");
    const { jobId } = JSON.parse(await cli.seen(/render-started/));
    const canceled = await setup.run("cancel", jobId);
    expect(canceled).toMatchObject({ exitCode: 0, stdout: `Job ${jobId} is canceled.\n` });
    expect((await cli.outcome).exitCode).toBe(7);
    expect(setup.sandbox.statistics).toMatchObject({ rendersStarted: 1, rendersRunning: 0 });
  });

  test("is left alone after a second Ctrl-C, which prints how to check it", async ({ expect }) => {
    await using setup = await startSandbox(reluctant(60_000));
    const cli = setup.start("submit", DEMO_SCENE, "--frames", "1-100", "--on-interrupt", "cancel");
    await expect.poll(() => setup.sandbox.statistics.requests.startRender, { timeout: 20_000 }).toBe(1);
    cli.process.kill("SIGINT");
    await expect
      .poll(() => setup.sandbox.statistics.requests.cancelJob, { timeout: 20_000 })
      .toBeGreaterThan(0);
    const { exitCode, stderr } = await interrupt(cli);
    expect(exitCode).toBe(130);
    expect(stderr).toMatch(/may still be rendering.*renderjuice status \S+\n.*renderjuice cancel \S+/s);
  });
});
