// Renders a scene once, however often the program is started and killed: node resume-after-a-crash.ts shot.blend
import { basename } from "node:path";
import { createNodeClient } from "@renderjuice/core/node";

const [scene = "shot.blend"] = process.argv.slice(2);
const shot = basename(scene, ".blend");

const client = createNodeClient();
const handle = client.submit(scene, {
  frames: "1-3",
  // The same in every attempt. To render again, give another tag.
  once: { tag: `${shot}-v1`, recordFile: `renders/.renderjuice/${shot}.json` },
  download: { outDir: "renders" },
});
for await (const { type } of handle) if (!type.endsWith("-progressed")) console.log(type, handle.jobId ?? "");
