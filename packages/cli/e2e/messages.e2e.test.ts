import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { DEMO_SCENE } from "./scenes.ts";
import { readEvents, startCli, startSandbox } from "./with-cli.ts";

const UNKNOWN_JOB = "00000000-0000-4000-8000-000000000000";
const PAUSE = "The API's rate limit was reached. Continuing in 1s.";

describe.concurrent("a rate limit is reported while the command waits", () => {
  const [job, out] = ["JOB", "OUT"];
  test.each([
    ["list", "listJobs", []],
    ["status", "getJob", [job]],
    ["wait", "getJob", [job]],
    ["watch", "getJob", [job]],
    ["cancel", "cancelJob", [job]],
    ["download", "getDownloads", [job, "--out", out]],
    ["submit", "createJob", [DEMO_SCENE, "--frames", "1"]],
  ])("by %s, once", async (command, endpoint, args) => {
    await using setup = await startSandbox();
    const created = await setup.run("--json", "submit", DEMO_SCENE, "--frames", "1");
    const jobId = String(readEvents(created.stdout).at(-1)?.jobId);
    setup.sandbox.faults.add(`rate-limit:1@${endpoint}`);
    const words = args.map((word) => (word === job ? jobId : word === out ? join(setup.folder, out) : word));
    const { exitCode, stderr } = await setup.run(command, ...words);
    expect(exitCode, stderr).toBe(0);
    expect(stderr.split("\n").filter((line) => line.includes("rate limit"))).toEqual([PAUSE]);
  });

  test("with --json as a note", async () => {
    await using setup = await startSandbox({ faults: ["rate-limit:1@listJobs"] });
    const { stdout } = await setup.run("--json", "list");
    expect(readEvents(stdout)).toMatchObject([{ type: "note", message: PAUSE }, { type: "result" }]);
  });
});

test("the error about a rate limit says how long the API asks to wait", async () => {
  await using setup = await startSandbox({ faults: ["rate-limit:1200@listJobs*all"] });
  const { exitCode, stderr } = await setup.run("list");
  expect(exitCode).toBe(4);
  expect(stderr).toContain("The API asks you to wait 20m. Then try again");
});

describe.concurrent("an error names what the user typed", () => {
  test.each([
    [["submit", DEMO_SCENE, "--until", "downloaded"], "--until downloaded", "use --until finished"],
    [["submit", DEMO_SCENE, "--contact-sheet", "sheet.png"], "--contact-sheet", "leave out --contact-sheet"],
    [["render", UNKNOWN_JOB, "--only-missing"], "--only-missing", "leave out --only-missing"],
  ])("%j", async (args, option, instead) => {
    await using setup = await startSandbox();
    const { exitCode, stderr } = await setup.run(...args);
    expect(exitCode).toBe(2);
    expect(stderr).toBe(`✖ ${option} needs a folder to download to.\n  Add --out FOLDER, or ${instead}.\n`);
    expect(setup.sandbox.statistics.requests).toEqual({});
  });
});

describe.concurrent("a slip in a setting is refused before any request, with the right spelling", () => {
  test.each([
    ["renderEngine=cycles", "CYCLES"],
    ["outputFormat=Open-EXR", "OPEN_EXR"],
    ["outputSettings.exrCodec=dwaa", "DWAA"],
  ])("%s", async (setting, meant) => {
    await using setup = await startSandbox();
    const [name, value] = setting.split("=");
    for (const command of ["submit", "preflight"]) {
      const { exitCode, stderr } = await setup.run(command, DEMO_SCENE, "--set", setting);
      expect(stderr).toBe(`✖ ${name} cannot be "${value}".\n  Write it as ${meant}.\n`);
      expect(exitCode).toBe(2);
    }
    expect(setup.sandbox.statistics.requests).toEqual({});
  });

  test("a value that is like none is only a warning", async () => {
    await using setup = await startSandbox();
    const setting = "renderEngine=WORKBENCH";
    const { exitCode, stderr } = await setup.run("submit", DEMO_SCENE, "--frames", "1", "--set", setting);
    expect(stderr).toContain('renderEngine is "WORKBENCH", which is not a known value.');
    expect(exitCode).toBe(0);
  });

  test("a value that is a part of one is a warning that names it", async () => {
    await using setup = await startSandbox();
    const { stdout } = await setup.run("preflight", DEMO_SCENE, "--set", "renderEngine=EEVEE");
    expect(stdout).toContain("Did you mean BLENDER_EEVEE?");
  });
});

describe.concurrent("a wrong command line is reported like any other error", () => {
  test.each([
    [["submti", "shot.blend"], '✖ Unknown command "submti".\n  Did you mean submit?\n'],
    [["list", "--jsno"], '✖ Unknown option "--jsno".\n  Did you mean --json?\n'],
    [["wait"], '✖ Missing required argument "job".\n'],
    ...[["--api-key", "RJ-x"], ["--api-key=RJ-x"], ["--key", "RJ-x"]].map((key) => [
      ["list", ...key],
      "✖ The key is never an argument.\n  Use --api-key-file FILE or the environment variable RENDERJUICE_API_KEY.\n",
    ]),
  ] as [string[], string][])("%j", async (args, expected) => {
    const { exitCode, stderr } = await startCli(args).outcome;
    expect(stderr).toBe(expected);
    expect(exitCode).toBe(2);
  });
});

test("a job that does not exist is not waited for again", async () => {
  await using setup = await startSandbox();
  const { exitCode, stderr } = await setup.run("wait", UNKNOWN_JOB);
  expect(exitCode).toBe(4);
  expect(stderr).not.toContain("Next:");
});

test("a picture is not a scene, said once", async () => {
  await using setup = await startSandbox();
  const picture = join(setup.folder, "shot.png");
  await writeFile(picture, Buffer.from("89504e470d0a1a0a", "hex"));
  const { stderr } = await setup.run("submit", picture);
  expect(stderr).toBe(
    "✖ Nothing was uploaded: shot.png is neither a .blend nor a .zip: it is a PNG image.\n  Save the scene as .blend, or pack it with its textures into a .zip.\n",
  );
});

test("a folder is checked under the name that the user typed", async () => {
  await using setup = await startSandbox();
  const folder = join(setup.folder, "shot");
  await mkdir(folder);
  await copyFile(DEMO_SCENE, join(folder, "shot.blend"));
  const { stdout } = await setup.run("preflight", folder);
  expect(stdout).toMatch(/\/shot \([\d.]+ .?B as shot\.zip\) can be submitted\./);
});

test("a folder without a scene is named as the user typed it", async () => {
  await using setup = await startSandbox();
  const folder = join(setup.folder, "docs");
  await mkdir(folder);
  await writeFile(join(folder, "notes.txt"), "no scene here");
  const { exitCode, stderr } = await setup.run("submit", folder, "--frames", "1");
  expect(stderr).toContain('The folder "docs" does not contain a .blend.');
  expect(stderr).not.toContain("docs.zip");
  expect(exitCode).toBe(3);
});

test("a file that cannot be read is not a bug in the program", async () => {
  const secret = ["--webhook-secret-file", "/nonexistent/secret"];
  const { exitCode, stderr } = await startCli(["sandbox", "--webhook", "http://localhost:1", ...secret])
    .outcome;
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/✖ ENOENT: .*secret'\.\n {2}Check that the path exists/);
});

/** Sentences, without marks and labels. */
function sentencesOf(text: string): string[] {
  return text
    .split(/(?<=[.!?])\s+|\n/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== "");
}

describe.concurrent("no sentence is printed twice", () => {
  test.each([
    ["of a wrong key", ["list"], { RENDERJUICE_API_KEY: "RJ-wrong" }, []],
    ["of a missing key", ["list"], { RENDERJUICE_API_KEY: "" }, []],
    ["of an unknown job", ["status", UNKNOWN_JOB], {}, []],
    ["of a server that fails", ["list"], {}, ["server-error@listJobs*all"]],
    ["of a time limit", ["submit", DEMO_SCENE, "--frames", "1-500", "--timeout", "2s"], {}, []],
    ["of a failed job", ["submit", DEMO_SCENE, "--frames", "1-3"], {}, ["render-crash"]],
    [
      "of failed files",
      ["submit", DEMO_SCENE, "--frames", "1", "--out", "OUT"],
      {},
      ["download-error:403*all"],
    ],
  ])("%s", async (_what, args, env, faults) => {
    await using setup = await startSandbox({ simulatedStepMs: 20, faults });
    const words = args.map((word) => (word === "OUT" ? join(setup.folder, word) : word));
    const { stderr } = await startCli(words, { ...setup.env, ...env }).outcome;
    const sentences = sentencesOf(stderr);
    expect(sentences.length).toBeGreaterThan(0);
    expect(sentences.filter((sentence, index) => sentences.indexOf(sentence) !== index)).toEqual([]);
  });
});
