import { createNodeClient } from "@renderjuice/core/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeN8n } from "../../../hosts/n8n/describe-n8n.ts";
import { startServices } from "../../../hosts/n8n/services.ts";
import { chain, webhookNode } from "../../../hosts/n8n/workflows.ts";
import { renderjuiceNode } from "./renderjuice.ts";
import { type Farm, startFarm, THIS_JOB } from "./with-farm.ts";

describeN8n("the action node in a real n8n", () => {
  let farm: Farm;
  beforeAll(async () => {
    farm = await startFarm();
  });
  afterAll(() => farm[Symbol.asyncDispose]());

  test("goes through the lifecycle one operation at a time", async () => {
    const { status, json, results } = await farm.run(
      { resource: "scene", operation: "preflight", frames: "1-3" },
      { resource: "scene", operation: "upload" },
      { resource: "job", operation: "create", slug: "={{ $json.slug }}" },
      { resource: "job", operation: "validate", ...THIS_JOB },
      { resource: "job", operation: "startRender", ...THIS_JOB, frames: "1-3" },
      { resource: "job", operation: "getProgress", ...THIS_JOB },
      { resource: "job", operation: "wait", ...THIS_JOB },
      { resource: "job", operation: "get", ...THIS_JOB },
      { resource: "output", operation: "getMissingFrames", ...THIS_JOB },
      { resource: "output", operation: "download", ...THIS_JOB },
    );
    expect(status).toBe("success");
    expect(json[0]).toMatchObject([{ isOk: true, fileName: "shot.blend", issues: [] }]);
    expect(json[3]).toMatchObject([{ status: "validated", analysis: { frameEnd: 4 } }]);
    expect(json[4]).toMatchObject([{ wasAlreadyStarted: false }]);
    expect(json[6]).toMatchObject([{ status: "completed", isFinal: true, isTimedOut: false }]);
    expect(json[7]).toMatchObject([{ status: "completed", isFinal: true }]);
    expect(json[8]).toMatchObject([{ isComplete: true, expectedCount: 3, missingRanges: "" }]);
    expect(json[9]?.map(({ frame }) => frame)).toEqual([1, 2, 3]);
    const [first] = results[9]?.items ?? [];
    expect(first?.binary?.data).toMatchObject({ mimeType: "image/png", fileName: "frame_0001.png" });
    expect(first?.pairedItem).toEqual({ item: 0 });
    expect(farm.sandbox.statistics).toMatchObject({ jobsCreated: 1, rendersStarted: 1 });
  });

  test("submit does all of that, with the settings of its fields", async () => {
    const { json } = await farm.run(
      {
        resource: "job",
        operation: "submit",
        frames: "2-3",
        until: "finished",
        renderSettings: { resolutionPercentage: 50, colorDepth: "16", notes: "from n8n" },
      },
      { resource: "job", operation: "get", ...THIS_JOB, simplify: false },
    );
    expect(json[0]).toMatchObject([{ status: "completed", isFinal: true, isTimedOut: false }]);
    expect(json[1]).toMatchObject([
      {
        requestedConfig: {
          frameRanges: ["2-3"],
          resolutionPercentage: 50,
          outputSettings: { colorDepth: "16" },
          notes: "from n8n",
        },
      },
    ]);
  });

  test.each([
    ["created", "created"],
    ["validated", "validated"],
  ])("submit stops when the job is %s", async (until, status) => {
    const before = farm.sandbox.statistics.rendersStarted;
    const { json } = await farm.run({ resource: "job", operation: "submit", until });
    expect(json[0]).toMatchObject([{ status }]);
    expect(farm.sandbox.statistics.rendersStarted).toBe(before);
  });

  test("lists jobs and outputs, selected frames and archives", async () => {
    const { json, status } = await farm.run(
      { resource: "job", operation: "submit", frames: "1-3", until: "finished" },
      { resource: "output", operation: "getAll", ...THIS_JOB, files: "frames", frames: "2" },
      { resource: "output", operation: "download", ...THIS_JOB, files: "zip" },
      { resource: "job", operation: "getAll", limit: 2, filters: { status: "completed" } },
    );
    expect(status).toBe("success");
    expect(json[1]).toMatchObject([{ frame: 2, url: expect.stringMatching(/^http/) }]);
    expect(json[2]).toMatchObject([{ kind: "framesZip" }]);
    expect(json[3]).toMatchObject([{ status: "completed" }, { status: "completed" }]);
  });

  test("cancels a job", async () => {
    const { json } = await farm.run(
      { resource: "job", operation: "submit", until: "validated" },
      { resource: "job", operation: "cancel", ...THIS_JOB },
    );
    expect(json[1]).toMatchObject([{ status: "canceled", isFinal: true }]);
  });

  test("many items become many jobs, in the same order, with one list request per poll", async () => {
    const { sandbox } = farm;
    const before = { ...sandbox.statistics.requests };
    const submit = renderjuiceNode("Submit", {
      resource: "job",
      operation: "submit",
      frames: "={{ $itemIndex + 1 }}",
      until: "downloaded",
    });
    const workflow = chain([webhookNode(), await farm.readCopies(4), submit]);
    const { nodes, status } = await farm.n8n.run(workflow);
    expect(status).toBe("success");
    expect(nodes.Submit?.items.map(({ json, pairedItem }) => [json.frame, pairedItem])).toEqual(
      [1, 2, 3, 4].map((frame, item) => [frame, { item }]),
    );
    const gets = (sandbox.statistics.requests.getJob ?? 0) - (before.getJob ?? 0);
    expect(gets).toBeLessThan(20);
  });

  test("outputs are listed up to a limit, or all of them", async () => {
    const list = { resource: "output", operation: "getAll", files: "frames", frames: "1-3", ...THIS_JOB };
    const submit = { resource: "job", operation: "submit", frames: "1-3", until: "finished" };
    const limited = await farm.run(submit, { ...list, limit: 2 });
    expect(limited.json[1]).toHaveLength(2);
    const all = await farm.run(submit, { ...list, returnAll: "={{ 'TRUE' }}" });
    expect(all.json[1]).toHaveLength(3);
  });

  test("the credential is tested: the key, the address, and which server responds", async () => {
    const { n8n } = farm;
    const [credential] = await n8n.rest<Record<string, unknown>[]>(
      "GET",
      "/rest/credentials?includeData=true",
    );
    const check = (data: unknown) =>
      n8n.rest<{ status: string; message: string }>("POST", "/rest/credentials/test", {
        credentials: { ...credential, data },
      });
    const good = { apiKey: farm.sandbox.apiKeys[0], baseUrl: farm.sandbox.url };
    expect(await check(good)).toMatchObject({ status: "OK" });
    const copied = { apiKey: ` ${good.apiKey}\n`, baseUrl: ` ${good.baseUrl}/ ` };
    expect(await check(copied)).toMatchObject({ status: "OK" });
    expect(await check({ ...good, apiKey: "RJ-wrong" })).toMatchObject({ status: "Error" });
    await using others = await startServices([]);
    expect(await check({ ...good, baseUrl: others.url })).toMatchObject({
      status: "Error",
      message: expect.stringContaining("not the Renderjuice API"),
    });
  });

  describe("the Job field", () => {
    const search = async (filter: string) => {
      const [credential] = await farm.n8n.rest<Record<string, unknown>[]>("GET", "/rest/credentials");
      const { results } = await farm.n8n.rest<{ results: { name: string; value: string }[] }>(
        "POST",
        "/rest/dynamic-node-parameters/resource-locator-results",
        {
          nodeTypeAndVersion: { name: "n8n-nodes-renderjuice.renderjuice", version: 1 },
          path: "parameters.jobId",
          methodName: "searchJobs",
          filter,
          currentNodeParameters: { resource: "job", operation: "get" },
          credentials: { renderjuiceApi: { id: credential?.id, name: credential?.name } },
        },
      );
      return results;
    };

    test("finds jobs on every page by a word, and any job by its ID or a URL that contains it", async () => {
      const { json } = await farm.run(
        { resource: "job", operation: "submit", until: "validated" },
        { resource: "job", operation: "cancel", ...THIS_JOB },
      );
      const id = String(json[1]?.[0]?.jobId);
      await makeDrafts(120);
      const canceled = await search("canceled");
      expect(canceled).toContainEqual({ name: expect.stringMatching(/canceled · \S+ \S+ UTC/), value: id });
      expect(canceled.every(({ name }) => name.includes("canceled"))).toBe(true);
      expect(await search(id.toUpperCase())).toMatchObject([{ value: id }]);
      expect(await search("00000000-0000-4000-8000-000000000000")).toEqual([]);
      const byUrl = { __rl: true, mode: "url", value: `https://app.example/renders/${id}?tab=frames` };
      const found = await farm.run({ resource: "job", operation: "get", jobId: byUrl });
      expect(found.json[0]).toMatchObject([{ jobId: id, status: "canceled" }]);
    });

    async function makeDrafts(count: number) {
      const { apiKeys, url } = farm.sandbox;
      await using client = createNodeClient({ apiKey: apiKeys[0] ?? "", baseUrl: url, env: {} });
      const { json } = await farm.run({ resource: "scene", operation: "upload" });
      const slug = String(json[0]?.[0]?.slug);
      for (let made = 0; made < count; made++) await client.jobs.create({ slug });
    }
  });
});

describeN8n("the action node in an n8n that keeps binary data in its database", () => {
  test("uploads a scene and downloads its frames", async () => {
    await using farm = await startFarm({}, { binaryMode: "database" });
    const { results } = await farm.run({
      resource: "job",
      operation: "submit",
      frames: "1-2",
      until: "downloaded",
    });
    const binaries = results[0]?.items.map(({ binary }) => binary?.data);
    expect(binaries).toMatchObject([{ fileName: "frame_0001.png" }, { fileName: "frame_0002.png" }]);
    for (const binary of binaries ?? []) expect(binary?.id).toMatch(/^database:/);
  });
});
