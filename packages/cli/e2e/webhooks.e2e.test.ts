import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { createNodeClient } from "@renderjuice/core/node";
import { expect, test } from "vitest";
import { DEMO_SCENE } from "./scenes.ts";
import { readEvents, startSandbox } from "./with-cli.ts";

const SECRET = "whsec_of_the_shell";

/** A sandbox that sends webhooks to a port where the program will listen. */
async function startWithWebhooks() {
  const port = await freePort();
  const webhook = { url: `http://127.0.0.1:${port}/`, secret: SECRET };
  const setup = await startSandbox({ webhook });
  const secretFile = join(setup.folder, "secret");
  await writeFile(secretFile, `an older one\n${SECRET}\n`, { mode: 0o600 });
  return Object.assign(setup, { args: ["--webhook-port", `${port}`, "--webhook-secret-file", secretFile] });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

test("submit says where it receives webhooks", async () => {
  await using setup = await startWithWebhooks();
  const { exitCode, stdout } = await setup.run(
    "submit",
    DEMO_SCENE,
    "--frames",
    "1",
    "--json",
    ...setup.args,
  );
  expect(exitCode).toBe(0);
  expect(readEvents(stdout)).toContainEqual(
    expect.objectContaining({
      message: expect.stringMatching(/^Receiving webhooks at http:\/\/127\.0\.0\.1:/),
    }),
  );
});

test("wait accepts the webhooks of other jobs too, and reports those that it refuses", async () => {
  await using setup = await startWithWebhooks();
  const { sandbox, args } = setup;
  const [apiKey = ""] = sandbox.apiKeys;
  await using client = createNodeClient({ apiKey, baseUrl: sandbox.url, env: {} });
  const { job } = await client.submit(DEMO_SCENE, { until: "created" });
  const waiting = setup.start("wait", job.id, ...args);
  const [url = ""] = /http:\S+/.exec(await waiting.seen(/Receiving webhooks at/)) ?? [];
  expect((await fetch(url, { method: "POST", body: "{}" })).status).toBe(401);
  await client.submit(DEMO_SCENE, { frames: "1" });
  await expect.poll(() => sandbox.deliveries().map(({ outcome }) => outcome)).toEqual(["200"]);
  await client.submit({ jobId: job.id }, { frames: "1" });
  const { exitCode, stderr } = await waiting.outcome;
  expect([exitCode, stderr]).toEqual([0, expect.stringMatching(/Refused a webhook \(401\): .*signature/)]);
});

test("without a secret nothing is received, and nothing sent", async () => {
  await using setup = await startSandbox();
  const { exitCode, stderr } = await setup.run("submit", DEMO_SCENE, "--webhook-port", "0");
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining("--webhook-secret-file")]);
  expect(setup.sandbox.statistics.requests).toEqual({});
});
