import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createNodeClient, type NodeClient } from "@renderjuice/core/node";
import { createSandbox } from "@renderjuice/sandbox";
import { describe, expect, test } from "vitest";
import { holdRenders } from "../../../hosts/lib/held-renders.ts";
import { runJobFolder } from "../src/job/run-job-folder.ts";
import { makeRequest } from "./job-request.fixture.ts";

const SCENE = fileURLToPath(new URL("../../../examples/scenes/orange-juice.blend", import.meta.url));

/** A job's folder as a bridge left it that was killed while the farm rendered. Its scene is gone since. */
async function leaveRender() {
  const root = await mkdtemp(join(tmpdir(), "renderjuice-job-"));
  const { renderer, letGo } = holdRenders();
  const sandbox = await createSandbox({ renderer });
  const [apiKey = "", otherKey = ""] = sandbox.apiKeys;
  const clients: NodeClient[] = [];
  const connect = (key = apiKey) => {
    const client = createNodeClient({ apiKey: key, baseUrl: sandbox.url, env: {} });
    clients.push(client);
    return client;
  };
  const client = connect();
  const { job } = await client.submit(SCENE, { frames: "1-3", until: "started" });
  const output = { folder: join(root, "images"), pattern: "sh010_####" };
  const request = makeRequest({ blend: join(root, "gone.blend"), frames: "1-3", output });
  const folder = join(root, request.id);
  await mkdir(folder);
  await writeFile(join(folder, "job.json"), JSON.stringify(request));
  await writeFile(join(folder, "record.json"), JSON.stringify({ tag: `maya-${request.id}`, jobId: job.id }));
  return {
    sandbox,
    client,
    job,
    otherKey,
    letGo,
    frames: async () => (await readdir(output.folder)).filter((name) => name.startsWith("sh010_")),
    /** Another bridge takes the job up. */
    follow: (key?: string) => runJobFolder(folder, { connect: () => connect(key), onState: () => undefined }),
    async [Symbol.asyncDispose]() {
      for (const one of clients) await one.close();
      await sandbox.close();
      await rm(root, { recursive: true });
    },
  };
}

describe("a render that an earlier bridge has started", () => {
  test("is followed to its end, without the scene", async () => {
    await using left = await leaveRender();
    left.letGo();
    expect(await left.follow()).toMatchObject({ phase: "completed", renderJobId: left.job.id });
    expect(await left.frames()).toEqual(["sh010_0001.png", "sh010_0002.png", "sh010_0003.png"]);
    expect(left.sandbox.statistics).toMatchObject({ jobsCreated: 1, rendersStarted: 1 });
  });

  test.each([
    ["no key that the farm knows", "not-a-key"],
    ["a key of another account", undefined],
  ])("is not given up for %s: with the right one it goes on", async (_, key) => {
    await using left = await leaveRender();
    left.letGo();
    expect(await left.follow(key ?? left.otherKey)).toMatchObject({
      phase: "stopped",
      message: expect.stringContaining("not lost"),
      hint: expect.stringContaining("attach()"),
    });
    expect(await left.follow()).toMatchObject({ phase: "completed" });
    expect(left.sandbox.statistics).toMatchObject({ jobsCreated: 1, rendersStarted: 1 });
  });

  test("and that was canceled in the dashboard is not rendered again", async () => {
    await using left = await leaveRender();
    await left.client.jobs.cancel(left.job.id);
    expect(await left.follow()).toMatchObject({ phase: "canceled" });
    expect(left.sandbox.statistics).toMatchObject({ jobsCreated: 1, rendersStarted: 1 });
  });
});
