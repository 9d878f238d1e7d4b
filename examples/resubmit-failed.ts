// Submits the scenes of failed jobs again, each once however often it runs: node resubmit-failed.ts scenes/
import { basename, join } from "node:path";
import { createNodeClient } from "@renderjuice/core/node";

const [folder = "scenes"] = process.argv.slice(2);

const client = createNodeClient();
for await (const { id, sceneFile } of client.jobs.list({ status: "failed" })) {
  const scene = join(folder, basename(sceneFile?.fileName ?? "scene.blend"));
  const once = { tag: `again-${id}`, recordFile: join(folder, ".renderjuice", `${id}.json`) };
  const { job } = await client.submit(scene, { once, until: "started" });
  console.log(`Job ${id} failed; ${scene} is ${job.status} as job ${job.id}.`);
}
