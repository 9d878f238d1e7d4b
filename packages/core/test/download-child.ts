// A download in a process that tests may limit or kill: node download-child.ts URL FOLDER. Prints the code of its error.
import type { Job } from "../src/index.ts";
import { createNodeClient } from "../src/node/index.ts";

const [baseUrl = "", outDir = ""] = process.argv.slice(2);
const client = createNodeClient({ apiKey: "RJ-test-key", baseUrl, env: {} });
try {
  for await (const _ of client.download({ id: "j1", status: "completed" } as Job, { outDir }));
} catch (error) {
  const { code, systemCode, message } = error as { code?: string; systemCode?: string; message: string };
  process.stdout.write(JSON.stringify({ code, systemCode, message }));
} finally {
  await client.close();
}
