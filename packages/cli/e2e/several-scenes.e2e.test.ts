import { execFile } from "node:child_process";
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { DEMO_SCENE } from "./scenes.ts";
import { CLI, readEvents, startSandbox } from "./with-cli.ts";

/** A sandbox and a project with two shots, a library and a file that is not a scene. */
async function startProject(options: Parameters<typeof startSandbox>[0] = {}) {
  const setup = await startSandbox(options);
  const path = (name: string) => join(setup.folder, "project", name);
  for (const name of ["shots/sh010.blend", "shots/sh020.blend", "assets/hero.blend"]) {
    await mkdir(dirname(path(name)), { recursive: true });
    await copyFile(DEMO_SCENE, path(name));
  }
  await writeFile(path("assets/wood.png"), "w");
  return Object.assign(setup, { path, out: join(setup.folder, "out") });
}

const framesIn = async (folder: string) =>
  (await readdir(folder)).filter((name) => name.endsWith(".png")).sort();

describe.concurrent("several scenes", () => {
  test("are a job each, with the same frames and settings, and each with its own folder", async () => {
    await using setup = await startProject();
    const { path, out } = setup;
    const settings = ["--frames", "1-2", "--set", "resolutionPercentage=50"];
    const { exitCode, stdout, stderr } = await setup.run(
      "--json",
      "submit",
      path("shots/*.blend"),
      ...settings,
      "--out",
      out,
      "--contact-sheet",
      "sheet.png",
    );
    expect(exitCode, stderr).toBe(0);
    // Nothing next to the scenes, where it would be uploaded with them the next time.
    expect(await framesIn(path("shots"))).toEqual([]);
    expect(setup.sandbox.statistics).toMatchObject({ jobsCreated: 2, rendersStarted: 2 });
    const below = (name: string) => path(name).slice(1);
    for (const shot of ["shots/sh010", "shots/sh020"]) {
      expect(await framesIn(join(out, below(shot)))).toEqual([
        "frame_0001.png",
        "frame_0002.png",
        "sheet.png",
      ]);
    }
    const events = readEvents(stdout);
    const results = events.filter(({ type }) => type === "result");
    expect(results.map(({ contactSheet }) => contactSheet).sort()).toEqual(
      ["shots/sh010", "shots/sh020"].map((shot) => join(out, below(shot), "sheet.png")),
    );
    expect(results.map(({ scene }) => scene).sort()).toEqual([
      path("shots/sh010.blend"),
      path("shots/sh020.blend"),
    ]);
    for (const { scene, jobId, type, config } of events) {
      expect(scene, type).toMatch(/sh0[12]0\.blend$/);
      if (/^(render|download|file|result)/.test(type)) expect(jobId, type).toMatch(/^[\w-]{36}$/);
      if (type === "render-started")
        expect(config).toMatchObject({ frameRanges: ["1-2"], resolutionPercentage: 50 });
    }
  });

  test("are named in each message about them", async () => {
    await using setup = await startProject();
    const { path } = setup;
    const { stdout, stderr } = await setup.run(
      "submit",
      path("shots/sh010.blend"),
      path("shots/sh020.blend"),
      "--no-wait",
    );
    expect(stdout).toMatch(/sh010\.blend: Job \S+ is rendering/);
    expect(stdout).toMatch(/sh020\.blend: Job \S+ is rendering/);
    for (const line of stderr.trimEnd().split("\n")) expect(line).toMatch(/sh0[12]0\.blend: /);
  });

  test("are checked before the first one is sent, and named if they cannot work", async () => {
    await using setup = await startProject();
    const { path } = setup;
    await writeFile(path("shots/sh030.blend"), "not a scene");
    const { exitCode, stderr } = await setup.run("submit", path("shots/*.blend"));
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/sh030\.blend: Nothing was uploaded/);
    expect(setup.sandbox.statistics.requests).toEqual({});
    const checked = await setup.run("preflight", path("shots/*.blend"));
    expect(checked.exitCode).toBe(3);
    expect(checked.stdout).toMatch(
      /sh010\.blend \(.*\) can be submitted\.\n.*sh020.*can be.*\n.*sh030.*cannot be/,
    );
  });

  test("do not stop each other: one fails, the others arrive, and the exit code is the worst one", async () => {
    await using setup = await startProject({ faults: ["render-crash"] });
    const { path, out } = setup;
    const { exitCode, stdout } = await setup.run(
      "--json",
      "submit",
      path("shots/*.blend"),
      "--frames",
      "1",
      "--out",
      out,
    );
    expect(exitCode).toBe(6);
    const ends = readEvents(stdout).filter(({ type }) => type === "result" || type === "error");
    expect(ends.map(({ type }) => type).sort()).toEqual(["error", "result"]);
    expect(setup.sandbox.statistics.rendersStarted).toBe(2);
  });

  test("end together at Ctrl-C", async ({ expect }) => {
    await using setup = await startProject({ simulatedStepMs: 200 });
    const scenes = ["shots/*.blend", "assets/*.blend"].map(setup.path);
    const cli = setup.start("--json", "submit", ...scenes, "--frames", "1-100", "--on-interrupt", "cancel");
    await Promise.all(
      ["sh010", "sh020", "hero"].map((name) => cli.seen(new RegExp(`${name}.blend".*"render-accepted"`))),
    );
    cli.process.kill("SIGINT");
    const { exitCode, stdout } = await cli.outcome;
    expect(exitCode).toBe(130);
    const notes = readEvents(stdout).filter(({ type }) => type === "note");
    expect(notes.map(({ message }) => message)).toEqual(Array(3).fill(expect.stringMatching(/is canceled/)));
    await expect.poll(() => setup.sandbox.statistics.rendersRunning).toBe(0);
  });

  test("on a terminal, Ctrl-C asks once for all of them", async ({ expect }) => {
    await using setup = await startProject({ simulatedStepMs: 200 });
    const submit = [...CLI, "submit", setup.path("shots/*.blend"), "--frames", "1-200"]
      .map((part) => `'${part}'`)
      .join(" ");
    // script(1) gives the program a terminal; the shell presses Ctrl-C and types the answer.
    const keys = `until [ $(grep -ao 'Render started' screen | wc -l) -ge 2 ]; do sleep 0.1; done; printf '\\003'; until grep -aq 'y/N' screen; do sleep 0.1; done; echo y`;
    const shell = `cd '${setup.folder}' && touch screen && (${keys}) | script -qefc "stty rows 24 cols 200; ${submit}" screen`;
    const exitCode = await new Promise((resolve) => {
      execFile("sh", ["-c", shell], { env: { ...process.env, ...setup.env } }, (error) =>
        resolve(error?.code ?? 0),
      );
    });
    expect(exitCode).toBe(130);
    const screen = await readFile(join(setup.folder, "screen"), "utf8");
    expect(screen.match(/Cancel the 2 jobs on the farm too/g)).toHaveLength(1);
    await expect.poll(() => setup.sandbox.statistics.rendersRunning).toBe(0);
  });

  test("send nothing in a dry run, which shows the requests", async () => {
    await using setup = await startProject();
    const { exitCode, stdout } = await setup.run(
      "--json",
      "submit",
      setup.path("shots/*.blend"),
      "--dry-run",
    );
    expect(exitCode).toBe(0);
    expect(readEvents(stdout)).toEqual([
      expect.objectContaining({ dryRun: true, scene: setup.path("shots/sh010.blend") }),
      expect.objectContaining({ dryRun: true, scene: setup.path("shots/sh020.blend") }),
    ]);
    expect(setup.sandbox.statistics.requests).toEqual({});
  });

  test("are validated one by one too", async () => {
    await using setup = await startProject();
    const { exitCode, stdout } = await setup.run("--json", "validate", setup.path("shots/*.blend"));
    expect(exitCode).toBe(0);
    expect(readEvents(stdout).filter(({ reached }) => reached === "validated")).toHaveLength(2);
    expect(setup.sandbox.statistics).toMatchObject({ jobsCreated: 2, rendersStarted: 0 });
  });

  test.each([
    ["a texture among them", ["shots/sh010.blend", "assets/wood.png"], [], /--together/],
    ["a pattern without a match", ["shots/*.zip"], [], /No \.blend or \.zip matches/],
    ["with --job", ["shots/sh010.blend"], ["--job", "x"], /--job continues an earlier run/],
    ["a dry run with --job", [], ["--job", "x", "--dry-run"], /cannot be combined with --dry-run/],
    ["with --slug", ["shots/sh010.blend"], ["--slug", "x"], /--slug continues/],
  ])("%s is refused", async (_what, scenes, options, message) => {
    await using setup = await startProject();
    const { exitCode, stderr } = await setup.run("submit", ...scenes.map(setup.path), ...options);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
    expect(setup.sandbox.statistics.requests).toEqual({});
  });
});

describe.concurrent("several .blend files in one job", () => {
  test("are refused if it is not clear which one to render", async () => {
    await using setup = await startProject();
    const { path } = setup;
    for (const args of [[path(".")], ["--together", path("shots"), path("assets")]]) {
      const { exitCode, stderr } = await setup.run("submit", ...args);
      expect(exitCode).toBe(3);
      expect(stderr).toMatch(/contains 3 scenes, and it is not clear which one to render: .*hero.*--main/s);
    }
    expect(setup.sandbox.statistics.requests).toEqual({});
  });

  test.each([
    ["of a folder", (path: (name: string) => string) => [path(".")]],
    ["of files and folders", (path: (name: string) => string) => ["--together", path("assets")]],
  ])("%s are libraries of the one that is named", async (_what, args) => {
    await using setup = await startProject();
    const { path, out } = setup;
    const { exitCode, stdout, stderr } = await setup.run(
      "--json",
      "submit",
      ...args(path),
      "--main",
      path("shots/sh020.blend"),
      "--frames",
      "1",
      "--out",
      out,
    );
    expect(exitCode, stderr).toBe(0);
    expect(readEvents(stdout)).toContainEqual(
      expect.objectContaining({ type: "upload-started", fileName: "sh020.zip" }),
    );
    expect(setup.sandbox.statistics).toMatchObject({ jobsCreated: 1, rendersStarted: 1 });
    expect(await framesIn(out)).toEqual(["frame_0001.png"]);
  });
});
