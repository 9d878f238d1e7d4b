// A sandbox in a separate process, to be killed: `node sandbox-process.ts DATA_FOLDER`.
import { createSandbox } from "../src/index.ts";

const sandbox = await createSandbox({
  dataDir: process.argv[2] ?? "",
  renderer: "simulated",
  simulatedStepMs: 3,
  simulatedScene: { frameEnd: 5, resolution: [32, 18] },
  concurrency: 2,
});
process.stdout.write(`${JSON.stringify({ url: sandbox.url, apiKey: sandbox.apiKeys[0] })}\n`);
