import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { createSandbox } from "@renderjuice/sandbox";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { BUNDLE } from "./studio.ts";

const CLOUD = fileURLToPath(new URL("../cloud", import.meta.url));
const SCENE = fileURLToPath(new URL("../../../examples/scenes/orange-juice.blend", import.meta.url));

interface Template {
  readonly specificationVersion: string;
  readonly parameterDefinitions: readonly { name: string; default?: string }[];
  readonly steps: readonly {
    readonly stepEnvironments: readonly { variables: Record<string, string> }[];
    readonly script: { actions: { onRun: { command: string; args: string[] } } };
  }[];
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "renderjuice-cloud-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs the one action of the template as a worker of Deadline Cloud does: parameters filled in, nothing through a shell. */
async function runTemplate(parameters: Record<string, string>, env: Record<string, string>) {
  const template: Template = parse(await readFile(join(CLOUD, "template.yaml"), "utf8"));
  const values = new Map(template.parameterDefinitions.map(({ name, default: value }) => [name, value]));
  for (const [name, value] of Object.entries(parameters)) values.set(name, value);
  const fill = (value: string) =>
    value.replace(/\{\{Param\.(\w+)\}\}/g, (_, name) => {
      const filled = values.get(name);
      if (filled === undefined) throw new Error(`The template has no parameter ${name}.`);
      return filled;
    });
  const [step] = template.steps;
  const variables = Object.entries(step?.stepEnvironments[0]?.variables ?? {});
  const { args = [] } = step?.script.actions.onRun ?? {};
  expect(step?.script.actions.onRun.command).toBe("node");
  return run(args.map(fill), {
    ...Object.fromEntries(variables.map(([name, value]) => [name, fill(value)])),
    ...env,
  });
}

async function run(args: readonly string[], env: Record<string, string>, input = "") {
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH ?? "", HOME: folder, ...env },
  });
  child.stdin.end(input);
  const closed = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { exitCode: await closed, stdout, stderr };
}

describe("the job template for Deadline Cloud", () => {
  test("renders, tells its progress as OpenJD does, and is paid for once", async () => {
    await using sandbox = await createSandbox({ renderer: "simulated" });
    const [key = ""] = sandbox.apiKeys;
    const outDir = join(folder, "out");
    const parameters = { SceneFile: SCENE, OutputDirectory: outDir, Frames: "1-2", Bundle: BUNDLE };
    const env = {
      RENDERJUICE_API_KEY: key,
      RENDERJUICE_API_URL: sandbox.url,
      DEADLINE_JOB_ID: "job-1",
      DEADLINE_TASK_ID: "task-1",
    };
    const first = await runTemplate(parameters, env);
    expect(first.stdout).toMatch(/^openjd_progress: 100\.0$/m);
    expect(first.stdout).toMatch(/^openjd_status: 2 files in place$/m);
    expect(first.exitCode).toBe(0);
    expect((await readdir(outDir)).filter((name) => name.endsWith(".png"))).toHaveLength(2);
    await runTemplate(parameters, env);
    expect(sandbox.statistics.rendersStarted).toBe(1);
  });

  test("fails with a message that Deadline Cloud shows", async () => {
    const parameters = { SceneFile: SCENE, OutputDirectory: folder, Bundle: BUNDLE, RunName: "r" };
    const { stdout, exitCode } = await runTemplate(parameters, {});
    expect(stdout).toMatch(/^openjd_fail: .*api-key/m);
    expect(exitCode).not.toBe(0);
  });
});

describe("the submission hooks", () => {
  const hook = (moment: string, parameters: unknown, env = {}) =>
    run([BUNDLE, "cloud-hook", moment], env, JSON.stringify({ jobName: "shot", parameters }));

  test("hooks.yaml calls what the bundle has", async () => {
    const hooks = parse(await readFile(join(CLOUD, "hooks.yaml"), "utf8"));
    const args = [...hooks.preSubmission, ...hooks.postSubmission].map(({ args }) => args);
    expect(args).toEqual([
      ["cloud-hook", "pre-submission"],
      ["cloud-hook", "post-submission"],
    ]);
  });

  test.each([
    ["a list", [{ name: "SceneFile", value: SCENE }]],
    ["a map", { SceneFile: SCENE }],
    ["a map of objects", { SceneFile: { value: SCENE } }],
  ])("a good scene passes, with parameters as %s", async (_, parameters) => {
    expect((await hook("pre-submission", parameters)).exitCode).toBe(0);
  });

  test("a file that is not a scene is refused before the submission", async () => {
    const { exitCode, stderr } = await hook("pre-submission", { SceneFile: join(CLOUD, "hooks.yaml") });
    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch(/error: /);
  });

  test("the output folder remembers which job fills it", async () => {
    const outDir = join(folder, "linked");
    await hook(
      "post-submission",
      { OutputDirectory: outDir, SceneFile: SCENE },
      { DEADLINE_JOB_ID: "job-9" },
    );
    const text = await readFile(join(outDir, ".renderjuice", "deadline-cloud.jsonl"), "utf8");
    expect(JSON.parse(text)).toMatchObject({ deadlineCloudJobId: "job-9", jobName: "shot" });
  });
});
