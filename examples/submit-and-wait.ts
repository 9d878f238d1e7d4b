// Renders a scene: node submit-and-wait.ts shot.blend
import { createNodeClient } from "@renderjuice/core/node";

const [scene = "shot.blend"] = process.argv.slice(2);

const client = createNodeClient();
const { job, downloads } = await client.submit(scene, {
  frames: "1-3",
  download: { outDir: "renders" },
});

console.log(`Job ${job.id} is ${job.status}.`);
for (const { path } of downloads?.files ?? []) console.log(path);
