// Looks at what the farm found in the scene before anything costs: node decide-by-analysis.ts shot.blend
import { createNodeClient } from "@renderjuice/core/node";

const [scene = "shot.blend"] = process.argv.slice(2);

const client = createNodeClient();
const { job, reached, stopReason } = await client.submit(scene, {
  frames: "1-3",
  decide({ analysis }) {
    if (analysis?.missingFiles?.length) return { action: "stop", reason: "The scene lacks files." };
    // A preview is good enough at a quarter of the samples.
    return { action: "render", settings: { sampleCount: Math.ceil((analysis?.sampleCount ?? 128) / 4) } };
  },
});
console.log(stopReason ?? `Job ${job.id} is ${reached}, with ${job.requestedConfig?.sampleCount} samples.`);
