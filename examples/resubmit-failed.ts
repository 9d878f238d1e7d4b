// Submits the scenes of failed jobs again, each once however often it runs: node resubmit-failed.ts scenes/
import { basename, join } from "node:path";
import { createNodeClient, requestedSettings } from "@renderjuice/core/node";

const [folder = "scenes"] = process.argv.slice(2);

const client = createNodeClient();
for await (const failed of client.jobs.list({ status: "failed" })) {
  const scene = join(folder, basename(failed.sceneFile?.fileName ?? "scene.blend"));
  const once = { tag: `again-${failed.id}`, recordFile: join(folder, ".renderjuice", `${failed.id}.json`) };
  const { job } = await client.submit(scene, { settings: requestedSettings(failed), once, until: "started" });
  console.log(`Job ${failed.id} failed; ${scene} is ${job.status} as job ${job.id}.`);
}
