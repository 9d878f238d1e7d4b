import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parsePairs } from "./command-files.ts";
import { type ActionOptions, runAction } from "./run-action.ts";
import { runWorkflow, type WorkflowOptions } from "./run-workflow.ts";
import { newFolder } from "./tracked-processes.ts";
import { expandMatrix } from "./workflow-file.ts";

/** The start of all action scripts. */
const TOOLS = `
  const { appendFileSync } = require("node:fs");
  const put = (file, text) => appendFileSync(process.env["GITHUB_" + file], text + "\\n");
  const say = (text) => process.stdout.write(text + "\\n");
  const command = (name, data, properties = "") => say("::" + name + properties + "::" + data);
  const stay = () => setInterval(() => {}, 1000);
`;

interface TestAction {
  readonly main: string;
  readonly post?: string;
  readonly postCondition?: string;
}

function writeAction({ main, post, postCondition }: TestAction): string {
  const folder = newFolder("action");
  const postIf = postCondition ? `, post-if: "${postCondition}"` : "";
  const manifest = `
    inputs:
      api-key: { required: true }
      output dir: { default: renders }
      wait: { default: true }
      old: { deprecationMessage: use new }
    runs: { using: node24, main: main.cjs${post ? `, post: post.cjs${postIf}` : ""} }`;
  writeFileSync(join(folder, "action.yml"), manifest);
  writeFileSync(join(folder, "main.cjs"), TOOLS + main);
  writeFileSync(join(folder, "post.cjs"), TOOLS + (post ?? ""));
  return folder;
}

function run(action: TestAction, options: Partial<ActionOptions> = {}) {
  return runAction({ actionFolder: writeAction(action), ...options });
}

/** A zombie does not count as alive. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

const PRINT_ENVIRONMENT = "put('OUTPUT', 'env<<EOF\\n' + JSON.stringify(process.env) + '\\nEOF');";

test("an action sees its inputs, and only what the runner passes to it", async () => {
  const { outcome, workspace } = run(
    { main: `${PRINT_ENVIRONMENT} put("OUTPUT", "cwd=" + process.cwd());` },
    {
      with: { "API-key": "k", nonsense: "1", old: "x" },
      env: { SHOT: "s1", GITHUB_JOB: "forged" },
      ...{ runId: "77", runAttempt: 2, jobName: "shots", stepId: "still", debug: true },
    },
  );
  const { outputs, warnings, conclusion } = await outcome;
  expect(conclusion).toBe("success");
  expect(outputs.cwd).toBe(workspace);
  const env = JSON.parse(outputs.env ?? "{}");
  expect(env).toMatchObject({
    ...{ "INPUT_API-KEY": "k", INPUT_OUTPUT_DIR: "renders", INPUT_WAIT: "true", INPUT_NONSENSE: "1" },
    ...{ CI: "true", SHOT: "s1", GITHUB_JOB: "shots", GITHUB_RUN_ID: "77", GITHUB_RUN_ATTEMPT: "2" },
    ...{ GITHUB_ACTION: "still", GITHUB_WORKSPACE: workspace, RUNNER_DEBUG: "1", RUNNER_OS: "Linux" },
  });
  const others = Object.keys(env).filter((name) => !/^(INPUT|GITHUB|RUNNER)_/.test(name));
  expect(others.sort()).toEqual(["CI", "HOME", "PATH", "SHOT"]);
  expect(warnings).toEqual([
    "Unexpected input(s) 'nonsense', valid inputs are ['api-key', 'output dir', 'wait', 'old']",
    "Input 'old' has been deprecated with message: use new",
  ]);
});

test("the grammar of command files", () => {
  const pairs = (text: string) => Object.fromEntries(parsePairs(text));
  expect(pairs("a=b=c\n\nd<<E=F\n1\n\n2\nE=F\ne=x<<y\nempty<<E\nE")).toEqual({
    ...{ a: "b=c", d: "1\n\n2", e: "x<<y", empty: "" },
  });
  expect(() => pairs("nothing\n")).toThrow("Invalid format 'nothing'");
  expect(() => pairs("=x\n")).toThrow("Name must not be empty");
  expect(() => pairs("a<<\n")).toThrow("delimiter must not be empty");
  expect(() => pairs("a<<E\nx\n")).toThrow("Matching delimiter not found 'E'");
  expect(() => pairs("a<<E\nx")).toThrow("EOF marker missing new line");
});

test("a command file that cannot be read fails the step; what comes before the error counts", async () => {
  const { conclusion, exitCode, outputs, annotations } = await run({
    main: 'put("OUTPUT", "first=1\\nnonsense\\nlast=1")',
  }).outcome;
  expect(conclusion).toBe("failure");
  expect(exitCode).toBe(0);
  expect(outputs).toEqual({ first: "1" });
  expect(annotations.map(({ message }) => message)).toEqual([
    "Unable to process file command 'output' successfully.",
    "Invalid format 'nonsense'",
  ]);
});

test("masks hide secrets from then on, in the log, the annotations and the summary", async () => {
  const { log, annotations, summary, summaryRaw, rawLog, masks } = await run(
    {
      main: `say("early late"); command("add-mask", "late%0Alater"); say("late later given given-more");
        command("error", "100%25 late%0Aend", " file=a%2Cb.ts,line=3,title=later"); put("STEP_SUMMARY", "see later")`,
    },
    { secrets: ["given", "given-more"] },
  ).outcome;
  expect(log.split("\n")).toEqual(["early late", "*** *** *** ***", "##[error]100% ***", "end"]);
  expect(annotations).toEqual([
    { phase: "main", level: "error", message: "100% ***\nend", file: "a,b.ts", line: "3", title: "***" },
  ]);
  expect([summary, summaryRaw]).toEqual(["see ***\n", "see later\n"]);
  expect(rawLog[0]).toEqual({ phase: "main", line: "early late" });
  expect(masks).toContain("later");
});

test("commands: groups, debug, stopped commands, the deprecated ones", async () => {
  const main = `command("group", "G"); command("endgroup", ""); command("debug", "d");
    command("stop-commands", "token"); command("error", "no"); command("token", ""); say("::unknown::x");
    command("set-output", "v", " name=o"); command("save-state", "w", " name=s")`;
  const { log, annotations, outputs, state } = await run({ main }).outcome;
  expect(log).toMatch(/^##\[group\]G\n##\[endgroup\]\n::error::no\n::unknown::x\n/);
  expect(annotations.map(({ level }) => level)).toEqual(["warning", "warning"]);
  expect([outputs, state]).toEqual([{ o: "v" }, { s: "w" }]);
  expect((await run({ main }, { debug: true }).outcome).log).toContain("##[debug]d");
});

test("limits of annotations and of the summary", async () => {
  const { annotations, droppedAnnotations, summary } = await run({
    main: 'for (let i = 0; i < 12; i++) command("notice", i); put("STEP_SUMMARY", "x".repeat(2 ** 20))',
  }).outcome;
  expect(annotations.filter(({ level }) => level === "notice")).toHaveLength(10);
  expect(droppedAnnotations).toBe(2);
  expect(summary).toBe("");
  expect(annotations.at(-1)?.message).toMatch(/upload aborted.* 1025k/);
});

test("post sees the inputs and the state, runs after a failure, and can fail the step", async () => {
  const post = "say(process.env.STATE_jobId + process.env['INPUT_API-KEY'])";
  const main = 'put("STATE", "jobId=7"); process.exit(3)';
  const failed = await run({ main, post }, { with: { "api-key": "k" } }).outcome;
  expect(failed.phases).toEqual([
    { phase: "main", exitCode: 3 },
    { phase: "post", exitCode: 0 },
  ]);
  expect(failed.rawLog).toEqual([{ phase: "post", line: "7k" }]);
  expect((await run({ main, post, postCondition: "success()" }).outcome).phases).toHaveLength(1);
  expect((await run({ main, post, postCondition: "!cancelled()" }).outcome).phases).toHaveLength(2);
  expect((await run({ main: "", post: "process.exit(1)" }).outcome).conclusion).toBe("failure");
});

test("cancelling sends SIGINT to the process only; if the process handles it, there are no further signals", async () => {
  const action = run({
    main: `const child = require("node:child_process").spawn("sleep", ["600"]);
      process.on("SIGINT", () => { say("child " + child.signalCode); put("OUTPUT", "status=canceled"); process.exit(0); });
      say("pid " + child.pid); stay();`,
    post: 'command("notice", "post")',
  });
  const pid = Number((await action.seen(/^pid/)).slice(4));
  action.cancel();
  const { conclusion, signalsSent, outputs, annotations } = await action.outcome;
  expect(conclusion).toBe("cancelled");
  expect(signalsSent.map(({ signal }) => signal)).toEqual(["SIGINT"]);
  expect(outputs).toEqual({ status: "canceled" });
  expect(annotations.map(({ phase, message }) => [phase, message])).toEqual([
    ["main", "The operation was canceled."],
    ["post", "post"],
  ]);
  await expect(action.seen(/never said/)).rejects.toThrow("child null");
  await expect.poll(() => isAlive(pid)).toBe(false);
});

test("a frozen process is killed with its tree; its files are read, and post runs", async () => {
  const action = run({
    main: `const child = require("node:child_process").spawn("setsid", ["sleep", "600"]);
      put("STATE", "jobId=7"); put("OUTPUT", "resume-key=r"); process.on("SIGINT", () => process.exit(0));
      say("pid " + child.pid); stay();`,
    post: "say('post ' + process.env.STATE_jobId)",
  });
  const pid = Number((await action.seen(/^pid/)).slice(4));
  action.cancel({ ignoreSignals: true });
  expect(await action.seen(/^post/)).toBe("post 7");
  const { conclusion, exitCode, signalsSent, outputs } = await action.outcome;
  expect([conclusion, exitCode]).toEqual(["cancelled", null]);
  expect(signalsSent.map(({ signal }) => signal)).toEqual(["SIGINT", "SIGTERM", "SIGKILL"]);
  expect(outputs).toEqual({ "resume-key": "r" });
  await expect.poll(() => isAlive(pid)).toBe(false);
});

test("a lost runner: there are no signals, and post does not run", async () => {
  const action = run({ main: 'say("ready"); stay()', post: "" });
  await action.seen(/ready/);
  action.kill();
  const { conclusion, signalsSent, phases } = await action.outcome;
  expect([conclusion, signalsSent]).toEqual(["failure", []]);
  expect(phases).toEqual([{ phase: "main", exitCode: null }]);
});

const RENDER: TestAction = {
  main: `${PRINT_ENVIRONMENT} say("shot " + process.env["INPUT_OUTPUT_DIR"]); put("OUTPUT", "key=" + process.env["INPUT_API-KEY"]);
    put("OUTPUT", "job-id=job-" + process.env["INPUT_OUTPUT_DIR"]); put("STEP_SUMMARY", "# Rendered");
    if (process.env.FAIL === process.env["INPUT_OUTPUT_DIR"]) process.exit(1)`,
  post: 'say("post of " + process.env["INPUT_OUTPUT_DIR"])',
};

function runJobs(workflow: string, options: Partial<WorkflowOptions> = {}) {
  const action = { actionFolder: writeAction(RENDER), actionPath: "packages/render" };
  return runWorkflow({ workflow, ...action, ...options });
}

const MATRIX = `
name: Shots
env: { FAIL: "\${{ inputs.fail }}" }
jobs:
  plan:
    runs-on: ubuntu-24.04
    outputs: { shots: "\${{ steps.plan.outputs.shots }}", leak: "\${{ secrets.API_KEY }}" }
    steps:
      - uses: actions/checkout@v5
      - id: plan
        run: echo "shots=$(tr -d '\\n' < shots.json)" >> "$GITHUB_OUTPUT"
  render:
    needs: plan
    strategy:
      fail-fast: false
      matrix: { shot: "\${{ fromJSON(needs.plan.outputs.shots) }}" }
    outputs: { last: "\${{ steps.render.outputs.job-id }}" }
    steps:
      - id: render
        uses: studio/pipeline/packages/render@v1
        with: { api-key: "\${{ secrets.API_KEY }}", output dir: "\${{ matrix.shot }}" }
      - run: mkdir -p out && touch out/\${{ matrix.shot }}.png
      - uses: actions/upload-artifact@v7
        with: { name: "frames-\${{ strategy.job-index }}", path: out/*.png, if-no-files-found: error }
      - if: failure()
        name: Complain
        run: echo "\${{ steps.render.outcome }} of \${{ strategy.job-total }}"
  collect:
    needs: [plan, render]
    if: "!cancelled() && needs.plan.result == 'success'"
    steps:
      - uses: actions/download-artifact@v6
        with: { pattern: frames-*, merge-multiple: "true", path: all }
      - id: list
        run: echo "\${{ needs.render.result }} \${{ needs.render.outputs.last }} $(ls all | xargs)"
  publish: { needs: render, steps: [{ run: exit 1 }] }
`;

const SHOTS: Partial<WorkflowOptions> = {
  secrets: { API_KEY: "rj_secret" },
  prepareWorkspace: (folder) => writeFileSync(join(folder, "shots.json"), '["a", "b"]'),
};

test("a workflow: matrix, needs, outputs, artifacts, secrets", async () => {
  const result = await runJobs(MATRIX, SHOTS);
  const { jobs, artifacts, legs, conclusion } = result;
  expect(jobs.map(({ name, result }) => [name, result])).toEqual([
    ["plan", "success"],
    ["render (a)", "success"],
    ["render (b)", "success"],
    ["collect", "success"],
    ["publish", "failure"],
  ]);
  expect(conclusion).toBe("failure");
  expect(legs("plan")[0]).toMatchObject({ outputs: { shots: '["a", "b"]' }, droppedOutputs: ["leak"] });
  expect(artifacts.map(({ name, files }) => [name, files])).toEqual([
    ["frames-0", ["a.png"]],
    ["frames-1", ["b.png"]],
  ]);
  expect(legs("collect")[0]?.step("list").log).toBe("success job-b a.png b.png");

  const step = legs("render")[1]?.step("render");
  expect(step?.log).toBe("shot b\npost of b");
  expect(JSON.parse(step?.outputs.env ?? "{}")).toMatchObject({
    ...{ GITHUB_JOB: "render", GITHUB_ACTION: "render", GITHUB_WORKFLOW: "Shots" },
  });
  expect(legs("render")[0]?.summary).toBe("# Rendered\n");
  expect(legs("publish")[0]?.steps[0]).toMatchObject({ id: "__run", name: "Run exit 1", exitCode: 1 });
});

test("a failed leg: if: failure() runs, its other steps do not, and jobs that need it are skipped", async () => {
  const { jobs, artifacts, legs } = await runJobs(MATRIX, { ...SHOTS, inputs: { fail: "a" } });
  expect(jobs.map(({ result }) => result)).toEqual(["success", "failure", "success", "success", "skipped"]);
  const [leg] = legs("render");
  expect(leg?.steps.map(({ outcome }) => outcome)).toEqual(["failure", "skipped", "skipped", "success"]);
  expect(leg?.step("Complain").log).toBe("failure of 2");
  expect(leg?.step("render").log).toContain("post of a");
  expect(artifacts.map(({ name }) => name)).toEqual(["frames-1"]);
  expect(legs("collect")[0]?.step("list").log).toMatch(/^failure /);
});

const STEPS = `
defaults: { run: { working-directory: sub } }
jobs:
  one:
    env: { LEVEL: job, OTHER: "\${{ vars.OTHER }}" }
    steps:
      - { name: Tool, run: "mytool; echo $MACHINE", env: { LEVEL: step } }
      - run: |
          echo "ADDED=1" >> "$GITHUB_ENV"; mkdir bin; printf '#!/bin/sh\\necho mine' > bin/other
          chmod +x bin/other; echo "$PWD/bin" >> "$GITHUB_PATH"; sleep 600 > /dev/null 2>&1 & echo $!
      - { name: Added, run: "echo $ADDED \${{ env.LEVEL }} $OTHER; other; false | true" }
      - { id: forgiven, run: false | true, shell: bash, continue-on-error: true }
      - { name: Told, run: "echo \${{ steps.forgiven.outcome }} \${{ steps.forgiven.conclusion }}" }
      - { id: told, uses: acme/notify@v2, with: { text: "\${{ github.event.action }} \${{ hashFiles('**/x') != '' }}" } }
      - { uses: actions/upload-artifact@v7, with: { name: a, path: sub } }
      - { name: Twice, uses: actions/upload-artifact@v7, with: { name: a, path: sub } }
      - { name: Always, if: always() && steps.told.outputs.ok, run: "echo \${{ job.status }}" }
  two: { steps: [{ uses: acme/unknown@v1 }] }
  three: { steps: [{ if: "secrets.X == ''", run: "true" }] }
`;

test("steps: environment, programs, files for later steps, handlers, what is not allowed", async () => {
  const programs = newFolder("programs");
  writeFileSync(join(programs, "mytool"), '#!/bin/sh\necho "tool $LEVEL"', { mode: 0o755 });
  const { legs, artifacts } = await runJobs(STEPS, {
    programs: [programs],
    machineEnv: { MACHINE: "m1", LEVEL: "machine" },
    vars: { OTHER: "variable" },
    github: { event_name: "release", event: { action: "published" } },
    prepareWorkspace(folder) {
      mkdirSync(join(folder, "sub"));
      writeFileSync(join(folder, "sub/x"), "");
      writeFileSync(join(folder, "sub/.hidden"), "");
    },
    actions: {
      "acme/notify@": (step) => {
        step.log(step.with.text ?? "");
        return { ok: "yes" };
      },
    },
  });
  const [one] = legs("one");
  expect(one?.step("Tool").log).toBe("tool step\nm1");
  expect(one?.step("Added").log).toBe("1 job variable\nmine");
  expect(one?.step("forgiven")).toMatchObject({ outcome: "failure", conclusion: "success" });
  expect(one?.step("Told").log).toBe("failure success");
  expect(one?.step("told").log).toBe("published true");
  expect(artifacts.map(({ files }) => files)).toEqual([["bin/other", "x"]]);
  expect(one?.step("Twice").annotations[0]?.message).toMatch(/^\(409\) Conflict/);
  expect(one?.step("Always").log).toBe("failure");
  await expect.poll(() => isAlive(Number(one?.step("__run_2").log))).toBe(false);
  expect(legs("two")[0]?.steps[0]?.annotations[0]?.message).toMatch(
    /acme\/unknown@v1, which is not emulated/,
  );
  expect(legs("three")[0]?.log).toMatch(/Unrecognized named-value/);
});

test("include extends legs of the matrix or adds to them", () => {
  const include = [{ gpu: true }, { shot: "a", size: 2 }, { shot: "c" }];
  expect(expandMatrix({ shot: ["a", "b"], pass: [1], include })).toEqual([
    { shot: "a", pass: 1, gpu: true, size: 2 },
    { shot: "b", pass: 1, gpu: true },
    { shot: "c" },
  ]);
});
