import { inspect } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { createClient } from "../src/index.ts";
import { createNodeClient } from "../src/node/index.ts";

const apiKey = "RJ-shown-to-nobody";

test.each([
  ["createClient", async () => createClient({ apiKey })],
  [
    "createNodeClient",
    async () => {
      const client = await createNodeClient({ apiKey, env: {} });
      onTestFinished(() => client.close());
      return client;
    },
  ],
])("what %s makes does not show its key, however it is printed", async (_name, create) => {
  const client = await create();
  const { jobs, uploads, options } = client;
  for (const value of [client, { in: [{ an: { object: client } }] }, jobs, uploads, options]) {
    const printed = inspect(value, { depth: 50, showHidden: true, getters: true, maxStringLength: null });
    expect(printed).not.toContain("shown-to-nobody");
    expect(JSON.stringify(value)).not.toContain("shown-to-nobody");
  }
});

test.each<[string, unknown]>([
  ["undefined", undefined],
  ["null", null],
  ["a function that finds none", async () => undefined],
])("a key that is %s is said to be missing", async (_name, key) => {
  const client = createClient({ apiKey: key as never });
  await expect(client.jobs.list()).rejects.toMatchObject({ code: "missing_api_key" });
});
