import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import type { CancelOutcome } from "../src/adapter.ts";
import type { JobEvent } from "../src/index.ts";
import { startSandbox } from "./with-sandbox.ts";

/** What a program does that ends with these lines, against a sandbox. */
async function runProgram(lines: string): Promise<{ exitCode: number; stderr: string }> {
  await using setup = await startSandbox();
  const scene = await setup.writeScene();
  const program = `
    import { createNodeClient } from "${new URL("../src/node/index.ts", import.meta.url)}";
    const [baseUrl, apiKey, scene] = process.argv.slice(1);
    const client = createNodeClient({ baseUrl, apiKey });
    const pause = () => new Promise((resolve) => setTimeout(resolve, 50));
    ${lines}`;
  const args = ["--input-type=module", "--eval", program];
  const run = promisify(execFile)(process.execPath, [
    ...args,
    setup.sandbox.url,
    setup.sandbox.apiKeys[0] ?? "",
    scene,
  ]);
  return await run.then(
    ({ stderr }) => ({ exitCode: 0, stderr }),
    ({ code, stderr }) => ({ exitCode: code, stderr }),
  );
}

describe("a failure", () => {
  test.each([
    ["that is awaited is thrown", `await client.submit("nope.blend");`],
    ["that nobody waits for is reported", `client.submit("nope.blend"); await pause();`],
    [
      "that comes while the events are looked at is thrown",
      `for await (const _ of client.submit("nope.blend")) await pause();`,
    ],
    [
      "that comes after the events were looked at is reported",
      `const stop = new AbortController();
       for await (const { type } of client.submit(scene, { signal: stop.signal, frames: "1-500" })) if (type === "render-accepted") break;
       stop.abort(new Error("nope.blend"));
       await pause();`,
    ],
    [
      "that came before a loop over the events was left is reported",
      `const stop = new AbortController();
       for await (const { type } of client.submit(scene, { signal: stop.signal, frames: "1-500" })) if (type === "render-accepted") {
         stop.abort(new Error("nope.blend"));
         await pause();
         break;
       }
       await pause();`,
    ],
    ["of a download is thrown", `await client.download("nope.blend", { outDir: "x" });`],
  ])("%s", async (_, lines) => {
    expect(await runProgram(lines)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("nope.blend"),
    });
  });

  test.each([
    ["that is caught", `await client.submit("nope.blend").catch(() => undefined);`],
    [
      "that is caught late",
      `const handle = client.submit("nope.blend"); handle.catch(() => undefined); await pause();`,
    ],
    ["that is iterated, and caught", `try { for await (const _ of client.submit("nope.blend")); } catch {}`],
    [
      "that comes just before the handle is awaited",
      `const { writeFileSync } = await import("node:fs");
       writeFileSync(scene, "This is not a scene.".repeat(99));
       const handle = client.submit(scene);
       for await (const { type } of handle) if (type === "preflight-finished") break;
       await handle.catch(() => undefined);
       await pause();`,
    ],
    ["of a run that was detached", `client.submit(scene).detach(); await pause();`],
    ["of a run that was canceled", `await client.submit(scene).cancel(); await pause();`],
  ])("%s ends no program", async (_, lines) => {
    expect(await runProgram(lines)).toEqual({ exitCode: 0, stderr: "" });
  });
});

describe("a journal", () => {
  test("is written before the side effect that an event announces", async () => {
    await using setup = await startSandbox();
    const { requests } = setup.sandbox.statistics;
    const counts: Partial<Record<JobEvent["type"], unknown>> = {};
    await setup.client.submit(await setup.writeScene(), {
      frames: "1",
      async onEvent({ type }) {
        // Long enough for a request that does not wait to arrive.
        await new Promise((resolve) => setTimeout(resolve, 20));
        counts[type] ??= { ...setup.sandbox.statistics.requests };
      },
    });
    expect(requests).toBeDefined();
    expect(counts["upload-started"]).toEqual({});
    expect(counts["create-started"]).not.toHaveProperty("createJob");
    expect(counts["validate-started"]).not.toHaveProperty("validateJob");
    expect(counts["render-started"]).not.toHaveProperty("startRender");
    expect(counts["render-accepted"]).toHaveProperty("startRender", 1);
  });

  test("that cannot be written ends the run before the side effect", async () => {
    await using setup = await startSandbox();
    const handle = setup.client.submit(await setup.writeScene(), {
      onEvent({ type }) {
        if (type === "render-started") throw new Error("The disk is full.");
      },
    });
    await expect(handle).rejects.toThrow("The disk is full.");
    expect(handle.state.phase).toBe("starting");
    expect(setup.sandbox.statistics.rendersStarted).toBe(0);
  });
});

test("a run that onEvent ends frees its record for the next attempt", async () => {
  await using setup = await startSandbox();
  const scene = await setup.writeScene();
  const once = { tag: "shot-v1", recordFile: join(setup.folder, "record.json") };
  const onEvent = ({ type }: JobEvent) => {
    if (type === "job-created") throw new Error("The disk is full.");
  };
  await expect(setup.client.submit(scene, { once, frames: "1", onEvent })).rejects.toThrow("disk");
  const { job } = await setup.client.submit(scene, { once, frames: "1" });
  expect(job.status).toBe("completed");
  expect(setup.sandbox.statistics).toMatchObject({ jobsCreated: 1, rendersStarted: 1 });
});

describe("a job is canceled", () => {
  test.each<[JobEvent["type"], number]>([
    ["job-created", 0],
    ["job-validated", 0],
    ["render-started", 0],
    ["render-accepted", 1],
  ])("from within onEvent, at %s", async (moment, rendersStarted) => {
    await using setup = await startSandbox({ simulatedStepMs: 20 });
    const canceled = Promise.withResolvers<CancelOutcome | undefined>();
    const handle = setup.client.submit(await setup.writeScene(), {
      frames: "1-100",
      async onEvent({ type }) {
        if (type !== moment) return;
        const outcome = handle.cancel();
        canceled.resolve(outcome);
        await outcome;
      },
    });
    await expect(handle).rejects.toThrow("Canceled.");
    expect(await canceled.promise).toMatchObject({ job: { status: "canceled" }, isCertain: true });
    expect(setup.sandbox.statistics.rendersStarted).toBe(rendersStarted);
  });

  test.each(["onEvent", "decide"])("while %s hangs", async (name) => {
    await using setup = await startSandbox();
    const hung = Promise.withResolvers<void>();
    const hang = () => {
      hung.resolve();
      return new Promise<never>(() => undefined);
    };
    const handle = setup.client.submit(await setup.writeScene(), {
      onEvent: ({ type }) => (name === "onEvent" && type === "render-started" ? hang() : undefined),
      decide: () => (name === "decide" ? hang() : { action: "render" }),
    });
    await hung.promise;
    expect(await handle.cancel()).toMatchObject({ job: { status: "canceled" }, isCertain: true });
    await expect(handle).rejects.toThrow("Canceled.");
    expect(setup.sandbox.statistics.rendersStarted).toBe(0);
  });
});

test("a run whose signal was aborted before it began does nothing", async () => {
  await using setup = await startSandbox();
  const events: JobEvent[] = [];
  const signal = AbortSignal.abort(new Error("Too late."));
  const handle = setup.client.submit(await setup.writeScene(), {
    signal,
    onEvent: (event) => events.push(event),
  });
  await expect(handle).rejects.toThrow("Too late.");
  expect(events).toEqual([]);
});

test("the state follows the events", async () => {
  await using setup = await startSandbox();
  const handle = setup.client.submit(await setup.writeScene(), {
    frames: "1-3",
    download: { outDir: setup.folder },
  });
  const phases = new Set<string>();
  for await (const _ of handle) phases.add(handle.state.phase);
  const { job, downloads } = await handle;
  expect([...phases]).toEqual(expect.arrayContaining(["downloaded"]));
  expect(handle.state).toMatchObject({
    phase: "downloaded",
    jobId: job.id,
    status: "completed",
    isAttached: false,
    totalFiles: 3,
    fetchedFiles: 3,
    downloads,
  });
});

test("a source that was opened before is taken as it is", async () => {
  await using setup = await startSandbox();
  const { openSource } = await import("../src/node/index.ts");
  const source = await openSource(await setup.writeScene());
  const { job } = await setup.client.submit(source, { until: "created" });
  expect(job.status).toBe("created");
});
