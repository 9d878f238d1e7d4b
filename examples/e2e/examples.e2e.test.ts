import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { signWebhook } from "@renderjuice/core";
import { describe, expect, test } from "vitest";
import { findPython } from "../../hosts/lib/pythons.ts";
import { startProgram } from "../../hosts/lib/running-program.ts";
import { startSandbox } from "../../packages/cli/e2e/with-cli.ts";

const SECRET = "whsec-examples";
/** What users have, built: not every Node that we promise runs the sources as they stand. */
const CLI = fileURLToPath(new URL("../../packages/cli/dist/main.js", import.meta.url));
const pathOf = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** A sandbox, a scene in a folder that is the working folder, and what starts an example there. */
async function setUp(options: Parameters<typeof startSandbox>[0] = {}) {
  const setup = await startSandbox(options);
  const scene = Buffer.alloc(4096);
  scene.write("BLENDER-v304", 0, "latin1");
  scene.write("ENDB", scene.length - 20, "latin1");
  await writeFile(join(setup.folder, "shot.blend"), scene);
  const env = { ...setup.env, RENDERJUICE_WEBHOOK_SECRET: SECRET };
  const start = (name: string, args: readonly string[] = [], more: NodeJS.ProcessEnv = {}) =>
    startProgram([pathOf(name), ...args], { ...env, ...more }, { cwd: setup.folder });
  return { ...setup, start, run: (name: string, ...args: string[]) => start(name, args).outcome };
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test.each(["submit-and-wait.ts", "resubmit-failed.ts", "webhook-hono.ts"])("%s is short", async (name) => {
  const lines = (await readFile(pathOf(name), "utf8")).trimEnd().split("\n");
  expect(lines.length).toBeLessThan(15);
});

test("submit and wait", async () => {
  await using setup = await setUp();
  const { exitCode, stdout, stderr } = await setup.run("submit-and-wait.ts", "shot.blend");
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toMatch(/^Job \S+ is completed\.\n(.*\.png\n){3}$/);
});

test("failed jobs are submitted again, and once", async () => {
  await using setup = await setUp({ faults: ["render-crash"] });
  expect((await setup.run("submit-and-wait.ts", "shot.blend")).exitCode).toBe(1);
  const first = await setup.run("resubmit-failed.ts", ".");
  expect(first).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^Job \S+ failed; shot\.blend is \w+ as job \S+\.\n$/),
  });
  expect((await setup.run("resubmit-failed.ts", ".")).exitCode).toBe(0);
  expect(setup.sandbox.statistics.rendersStarted).toBe(2);
});

test("a run that was killed goes on, and is paid for once", async () => {
  await using setup = await setUp({ simulatedStepMs: 200 });
  const killed = setup.start("resume-after-a-crash.ts", ["shot.blend"]);
  await killed.seen(/render-accepted/);
  killed.process.kill("SIGKILL");
  await killed.outcome;
  const { exitCode, stdout } = await setup.run("resume-after-a-crash.ts", "shot.blend");
  expect({ exitCode, stdout }).toEqual({
    exitCode: 0,
    stdout: expect.stringMatching(/job-attached .*download-finished/s),
  });
  expect(setup.sandbox.statistics).toMatchObject({ jobsCreated: 1, rendersStarted: 1 });
});

test("decide by analysis", async () => {
  await using setup = await setUp();
  expect(await setup.run("decide-by-analysis.ts", "shot.blend")).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^Job \S+ is finished, with 32 samples\.\n$/),
  });
});

test("progress in a web page", async () => {
  await using setup = await setUp();
  const port = await findFreePort();
  const server = setup.start("progress-in-a-web-page/server.ts", ["shot.blend"], { PORT: String(port) });
  const url = `http://127.0.0.1:${port}`;
  await expect
    .poll(() =>
      fetch(url).then(
        (response) => response.text(),
        () => "",
      ),
    )
    .toContain("EventSource");
  const events = await fetch(`${url}/progress`).then((response) => response.text());
  expect(events).toContain('"phase":"rendered"');
  expect(events).toContain("event: end");
  expect(events).not.toContain(setup.env.RENDERJUICE_API_KEY);
  server.process.kill("SIGTERM");
});

describe.each(["webhook-hono.ts", "webhook-express.ts"])("%s", (name) => {
  test("takes what is signed, once, and nothing else", async () => {
    await using setup = await setUp();
    const port = await findFreePort();
    const server = setup.start(name, [], { PORT: String(port) });
    const body = JSON.stringify({ event: "onRenderComplete", status: "completed", jobId: "j1" });
    const deliver = async (headers: Record<string, string>) => {
      const url = `http://127.0.0.1:${port}/hooks/renderjuice`;
      const response = await fetch(url, { method: "POST", headers, body });
      return response.status;
    };
    await expect.poll(() => deliver({}).catch(() => undefined)).toBe(401);
    const signed = await signWebhook({ body, secret: SECRET });
    expect(await deliver(signed)).toBe(200);
    expect(await deliver(signed)).toBe(200);
    server.process.kill("SIGTERM");
    expect((await server.outcome).stdout).toBe("onRenderComplete j1\n");
  });
});

const python = findPython("maya");

test.skipIf(python === "")("Python reads the command line's JSON", async () => {
  await using setup = await setUp();
  const env = { ...setup.env, RENDERJUICE: `${process.execPath} ${CLI}` };
  const program = startProgram([pathOf("cli-json.py"), "shot.blend", "renders"], env, {
    cwd: setup.folder,
    program: python,
  });
  expect(await program.outcome).toMatchObject({
    exitCode: 0,
    stderr: "",
    stdout: expect.stringMatching(/3 files\n$/),
  });
});

test.skipIf(python === "")("Python without a scene says how it is called", async () => {
  const program = startProgram([pathOf("cli-json.py")], {}, { program: python });
  expect(await program.outcome).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining("python cli-json.py shot.blend renders/"),
  });
});
