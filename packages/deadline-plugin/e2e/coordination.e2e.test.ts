import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { signWebhook } from "@renderjuice/core";
import { createNodeClient } from "@renderjuice/core/node";
import { createSandbox, type SandboxOptions } from "@renderjuice/sandbox";
import { describe, expect, test } from "vitest";
import { type EmulatorOptions, startWebService } from "../../../hosts/deadline/web-service-emulator.ts";
import { startBundle } from "./studio.ts";

const SCENE = fileURLToPath(new URL("../../../examples/scenes/orange-juice.blend", import.meta.url));
const AUTH = { user: "wrangler", password: "pa$$wörd:1" };
const WEBHOOK_SECRET = "whsec_coordination";

/** A Web Service with a password, and the program that knows it from its environment. */
async function startFarm(options: EmulatorOptions = { auth: AUTH }) {
  const emulator = await startWebService(options);
  const env = {
    DEADLINE_WEB_SERVICE_URL: emulator.url,
    DEADLINE_WEB_SERVICE_USER: AUTH.user,
    DEADLINE_WEB_SERVICE_PASSWORD: AUTH.password,
  };
  return {
    emulator,
    env,
    run: (args: readonly string[], changes: NodeJS.ProcessEnv = {}) =>
      startBundle(args, { ...env, ...changes }).outcome,
    [Symbol.asyncDispose]: () => emulator[Symbol.asyncDispose](),
  };
}

/** A port where nothing listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

function readJsonLines(text: string): Record<string, unknown>[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

describe("farm commands", { concurrent: true }, () => {
  test.each([
    ["farm-release", ["pend"], "pending → active", "Active"],
    ["farm-release", ["suspend"], "suspended → active", "Active"],
    ["farm-suspend", [], "active → suspended", "Suspended"],
    ["farm-complete", ["suspend"], "suspended → completed", "Completed"],
    ["farm-fail", [], "active → failed", "Failed"],
    ["farm-requeue", ["complete"], "completed → active", "Active"],
  ])("%s, after %j: %s; the second time there is nothing to do", async (command, steps, line, state) => {
    await using farm = await startFarm();
    const id = farm.emulator.addJob({ Name: "comp_sh010" });
    for (const step of steps) farm.emulator.jobs.apply(step, id);
    expect(await farm.run([command, id])).toEqual({
      exitCode: 0,
      stdout: `${id} comp_sh010: ${line}\n`,
      stderr: "",
    });
    expect(farm.emulator.stateOf(id)).toBe(state);
    const again = await farm.run([command, id]);
    expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("already, nothing to") });
    expect(farm.emulator.commands()).toHaveLength(1);
  });

  test("a dry run says what it would do, and changes nothing", async () => {
    await using farm = await startFarm();
    const id = farm.emulator.addJob();
    farm.emulator.jobs.apply("pend", id);
    const { exitCode, stdout } = await farm.run(["farm-release", id, "--dry-run"]);
    expect([exitCode, stdout]).toEqual([0, `${id} comp: pending; would send "releasepending"\n`]);
    expect(farm.emulator.requests.map(({ method }) => method)).toEqual(["GET"]);
    expect(farm.emulator.stateOf(id)).toBe("Pending");
  });

  test("several jobs: a line for each, and a wrong one does not affect the others", async () => {
    await using farm = await startFarm();
    const [first, second] = [farm.emulator.addJob({ Name: "a" }), farm.emulator.addJob({ Name: "b" })];
    const { exitCode, stdout } = await farm.run(["farm-suspend", "--json", first, "unknown", second]);
    expect(exitCode).toBe(2);
    const lines = new Map(readJsonLines(stdout).map((line) => [line.jobId, line]));
    expect(lines.get(first)).toMatchObject({ type: "result", result: "changed", after: "suspended" });
    expect(lines.get(second)).toMatchObject({ type: "result", result: "changed", after: "suspended" });
    expect(lines.get("unknown")).toMatchObject({ type: "error", code: "not_found", exitCode: 2 });
  });

  test("after an error of the Web Service it tries again", async () => {
    await using farm = await startFarm();
    const id = farm.emulator.addJob();
    farm.emulator.failNext("error", "PUT");
    const { exitCode, stderr } = await farm.run(["farm-suspend", id]);
    expect([exitCode, farm.emulator.stateOf(id)]).toEqual([0, "Suspended"]);
    expect(stderr).toContain("the database is not available. Trying again");
  });

  test.each([
    ["wrong credentials", { DEADLINE_WEB_SERVICE_PASSWORD: "guessed" }, 2, "does not accept this user"],
    [
      "no credentials",
      { DEADLINE_WEB_SERVICE_USER: "", DEADLINE_WEB_SERVICE_PASSWORD: "" },
      2,
      "--password-file",
    ],
    ["no URL", { DEADLINE_WEB_SERVICE_URL: "" }, 2, "--url"],
  ])("%s", async (_what, env, exitCode, message) => {
    await using farm = await startFarm();
    const outcome = await farm.run(["farm-fail", farm.emulator.addJob()], env);
    expect(outcome).toEqual({ exitCode, stdout: "", stderr: expect.stringContaining(message) });
    expect(farm.emulator.commands()).toEqual([]);
  });

  test("a Web Service that is silent", async () => {
    await using farm = await startFarm();
    const id = farm.emulator.addJob();
    farm.emulator.failNext("hang");
    const { exitCode, stderr } = await farm.run(["farm-fail", id, "--timeout", "0.3", "--retries", "0"]);
    expect([exitCode, stderr]).toEqual([75, expect.stringContaining("did not respond within 0.3 s")]);
  });

  test("a Web Service that is not there", async () => {
    await using farm = await startFarm();
    const url = `http://127.0.0.1:${await freePort()}`;
    const { exitCode, stderr } = await farm.run(["farm-fail", "abc", "--url", url, "--retries", "0"]);
    expect([exitCode, stderr]).toEqual([
      75,
      expect.stringContaining("Could not reach Deadline's Web Service"),
    ]);
  });

  test.each([
    ["no job", ["farm-fail"]],
    ["ids with a comma", ["farm-fail", "a,b"]],
    ["an option that there is not", ["farm-fail", "abc", "--force"]],
    ["a time that is none", ["farm-fail", "abc", "--timeout", "soon"]],
  ])("wrong use: %s", async (_what, args) => {
    await using farm = await startFarm();
    expect(await farm.run(args)).toMatchObject({ exitCode: 2, stdout: "" });
    expect(farm.emulator.requests).toEqual([]);
  });

  test("the password shows nowhere, whatever goes wrong", async () => {
    await using farm = await startFarm();
    const basic = Buffer.from(`${AUTH.user}:${AUTH.password}`).toString("base64");
    const id = farm.emulator.addJob();
    const quick = ["--retries", "0", "--timeout", "0.3"];
    const outputs: string[] = [];
    for (const fault of [undefined, "error", "reset", "hang"] as const) {
      if (fault) farm.emulator.failNext(fault);
      for (const json of [[], ["--json"]]) {
        const { stdout, stderr } = await farm.run(["farm-requeue", id, "nobody", ...quick, ...json]);
        outputs.push(stdout + stderr);
      }
    }
    const inUrl = ["--url", `http://${AUTH.user}:${encodeURIComponent(AUTH.password)}@127.0.0.1:1`];
    outputs.push((await farm.run(["farm-requeue", id, ...inUrl])).stderr);
    for (const secret of [AUTH.password, encodeURIComponent(AUTH.password), basic])
      expect(outputs.join()).not.toContain(secret);
  });
});

/** Renderjuice, a farm, and `serve` between them. */
async function startCoordination({ rules, sandbox: sandboxOptions = {}, args = [] }: CoordinationOptions) {
  const folder = await mkdtemp(join(tmpdir(), "renderjuice serve "));
  const farm = await startFarm();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const webhook = { url, secret: WEBHOOK_SECRET };
  const sandbox = await createSandbox({ renderer: "simulated", ...sandboxOptions, webhook });
  const [apiKey = ""] = sandbox.apiKeys;
  const client = createNodeClient({
    apiKey,
    baseUrl: sandbox.url,
    env: {},
    configFile: join(folder, "none"),
  });
  const rulesFile = join(folder, "rules.yaml");
  await writeFile(rulesFile, rules);
  const running = new Set<ReturnType<typeof startBundle>>();
  const env = {
    ...farm.env,
    RENDERJUICE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    RENDERJUICE_API_URL: sandbox.url,
    RENDERJUICE_API_KEY: apiKey,
  };
  return {
    emulator: farm.emulator,
    sandbox,
    folder,
    url,
    /** Starts `serve` and waits until it listens. */
    async serve(changes: NodeJS.ProcessEnv = {}) {
      const all = ["serve", "--rules", rulesFile, "--port", String(port), ...args];
      const program = startBundle(all, { ...env, ...changes });
      running.add(program);
      await program.seen(/Receiving webhooks/);
      return program;
    },
    /** Renders to the end, or to the failure. @returns the job's id */
    async render(notes: string): Promise<string> {
      const handle = client.submit(SCENE, { frames: "1-2", settings: { notes } });
      await handle.catch(() => undefined);
      return handle.jobId ?? "";
    },
    /** Sends a delivery as Renderjuice would, or as somebody else. @returns the status */
    async deliver(payload: object, { secret = WEBHOOK_SECRET, nowMs = Date.now() } = {}): Promise<number> {
      const body = JSON.stringify(payload);
      const headers = await signWebhook({ body, secret, nowMs });
      return (await fetch(url, { method: "POST", body, headers })).status;
    },
    files: (name: string) => readdir(join(folder, "rules.state", name)),
    async [Symbol.asyncDispose]() {
      for (const { process, outcome } of running) {
        process.kill("SIGKILL");
        await outcome;
      }
      await client.close();
      await sandbox.close();
      await farm[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface CoordinationOptions {
  readonly rules: string;
  readonly sandbox?: SandboxOptions;
  readonly args?: readonly string[];
}

const RELEASE_BY_TAG = `
rules:
  - when: { event: onRenderComplete, tag: "release-*" }
    do: release
    deadlineJobs: ["{match}"]
`;

describe("serve", { concurrent: true }, () => {
  test("a render completes, and the job that its notes name is released; SIGTERM ends it", async () => {
    await using setup = await startCoordination({ rules: RELEASE_BY_TAG });
    const comp = setup.emulator.addJob({ Name: "comp_sh010", InitialStatus: "Suspended" });
    const other = setup.emulator.addJob({ InitialStatus: "Suspended" });
    const program = await setup.serve();
    await setup.render(`for the comp [release-${comp}]`);
    await program.seen(new RegExp(`release ${comp} comp_sh010: suspended → active`));
    program.process.kill("SIGTERM");
    const { exitCode, stderr } = await program.outcome;
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect([comp, other].map(setup.emulator.stateOf)).toEqual(["Active", "Suspended"]);
    expect(await setup.files("done")).toHaveLength(1);
  });

  test("{helperJob} is the job whose render plugin began the render", async () => {
    const rules = `
rules:
  - when: { event: onRenderComplete }
    do: complete
    deadlineJobs: ["{helperJob}"]
`;
    await using setup = await startCoordination({ rules });
    const helper = setup.emulator.addJob({ Name: "cloud" });
    const program = await setup.serve();
    await setup.render(`[deadline-job-${helper}] [deadline-run-0-1]`);
    await program.seen(/complete .* cloud: active → completed/);
  });

  test("a failed render, for which no webhook comes, is found by polling", async () => {
    const rules = `
rules:
  - when: { event: onRenderFail, tag: "comp-*" }
    do: fail
    deadlineJobs: ["{match}"]
`;
    const sandbox = { faults: ["render-crash"] };
    await using setup = await startCoordination({ rules, sandbox, args: ["--poll", "5", "--json"] });
    const comp = setup.emulator.addJob();
    const program = await setup.serve();
    await setup.render(`[comp-${comp}]`);
    const line = JSON.parse(await program.seen(/"type":"action"/));
    expect(line).toMatchObject({ verb: "fail", outcome: { before: "active", after: "failed" } });
    expect(setup.emulator.stateOf(comp)).toBe("Failed");
  });

  test("a rate limit of Renderjuice is reported while it waits", async () => {
    const sandbox = { faults: ["rate-limit:1@listJobs"] };
    await using setup = await startCoordination({ rules: RELEASE_BY_TAG, sandbox, args: ["--poll", "5"] });
    const program = await setup.serve();
    await program.seen(/The API's rate limit was reached\. Continuing in 1s\./);
  });

  test("what is forged, old, sent again or unknown changes nothing", async () => {
    await using setup = await startCoordination({ rules: RELEASE_BY_TAG });
    const comp = setup.emulator.addJob({ InitialStatus: "Suspended" });
    const program = await setup.serve();
    const jobId = await setup.render(`[release-${comp}]`);
    await program.seen(/suspended → active/);
    setup.emulator.jobs.apply("suspend", comp);

    const event = { event: "onRenderComplete", status: "completed", jobId };
    expect(await setup.deliver(event, { secret: "guessed" })).toBe(401);
    expect(await setup.deliver(event, { nowMs: Date.now() - 3_600_000 })).toBe(401);
    expect(await setup.deliver(event)).toBe(200);
    expect(await setup.deliver({ ...event, event: "onRenderDance" })).toBe(200);
    expect(await setup.deliver({ ...event, jobId: "unknown" })).toBe(200);
    await program.seen(/"failed": to try again, move it to "pending"/);
    expect(setup.emulator.stateOf(comp)).toBe("Suspended");
    program.process.kill("SIGTERM");
    const { stdout } = await program.outcome;
    expect(stdout).toMatch(/Refused \(401\): The signature is not valid/);
    expect(stdout).toMatch(/onRenderDance of \S+: no rule/);
    for (const secret of [WEBHOOK_SECRET, AUTH.password, ...setup.sandbox.apiKeys])
      expect(stdout).not.toContain(secret);
  });

  test("an event that was taken also counts after a restart", async () => {
    await using setup = await startCoordination({ rules: RELEASE_BY_TAG });
    const comp = setup.emulator.addJob({ InitialStatus: "Suspended" });
    const first = await setup.serve();
    const jobId = await setup.render(`[release-${comp}]`);
    await first.seen(/suspended → active/);
    first.process.kill("SIGTERM");
    await first.outcome;
    setup.emulator.jobs.apply("suspend", comp);
    const second = await setup.serve();
    expect(await setup.deliver({ event: "onRenderComplete", jobId })).toBe(200);
    await second.seen(/already received/);
    expect(setup.emulator.stateOf(comp)).toBe("Suspended");
  });

  test("Deadline is down when the webhook comes: the event is kept, also over a kill, until it works", async () => {
    await using setup = await startCoordination({ rules: RELEASE_BY_TAG });
    const comp = setup.emulator.addJob({ Name: "comp", InitialStatus: "Suspended" });
    const down = { DEADLINE_WEB_SERVICE_URL: `http://127.0.0.1:${await freePort()}` };
    const first = await setup.serve(down);
    await first.seen(/Events are kept until this is fixed: .*ECONNREFUSED/);
    await setup.render(`[release-${comp}]`);
    await first.seen(/release \S+ failed, trying again/);
    expect(setup.sandbox.deliveries().map(({ outcome }) => outcome)).toEqual(["200"]);
    first.process.kill("SIGKILL");
    await first.outcome;
    expect(await setup.files("pending")).toHaveLength(1);

    const second = await setup.serve();
    await second.seen(/Continuing with 1 event/);
    await second.seen(/comp: suspended → active/);
  });

  test("two at the same events: the second is refused", async () => {
    await using setup = await startCoordination({ rules: RELEASE_BY_TAG });
    await setup.serve();
    await expect(setup.serve()).rejects.toThrow("Another process is using the events folder");
  });

  test("--check tells what is wrong with the rules, and where", async () => {
    await using setup = await startCoordination({
      rules: RELEASE_BY_TAG.replace("do: release", "do: relase"),
    });
    const rules = join(setup.folder, "rules.yaml");
    const bad = await startBundle(["serve", "--rules", rules, "--check"]).outcome;
    expect(bad).toMatchObject({ exitCode: 2, stdout: "" });
    expect(bad.stderr).toMatch(/rules\.yaml:4:9: rules\[0\]\.do: .* Did you mean release\?/);

    await writeFile(rules, RELEASE_BY_TAG.replace("onRenderComplete", "onRenderFail"));
    const good = await startBundle(["serve", "--rules", rules, "--check"]).outcome;
    expect(good).toMatchObject({ exitCode: 0, stderr: "" });
    expect(good.stdout).toMatch(/1 rule, all valid\.\n.*does not send yet\. Add --poll 60/);
  });

  test.each([
    ["no secret and no polling", { RENDERJUICE_WEBHOOK_SECRET: "" }, /--webhook-secret-file .*--poll 60/],
    ["no API key, though rules read notes", { RENDERJUICE_API_KEY: "" }, /RENDERJUICE_API_KEY/],
  ])("does not start with %s", async (_what, env, message) => {
    await using setup = await startCoordination({ rules: RELEASE_BY_TAG });
    await expect(setup.serve(env)).rejects.toThrow(message);
  });
});
