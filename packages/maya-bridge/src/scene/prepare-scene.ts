import { assemble } from "./assemble.ts";
import { dropIn } from "./drop-in.ts";
import { rePoint } from "./re-point.ts";
import type { PrepareScene } from "./types.ts";
import { summarize, writeReport } from "./write-report.ts";

/**
 * Prepares the scene in the way that the artist has chosen, and writes `report.txt` and `report.json` into the job's
 * folder.
 */
export const prepareScene: PrepareScene = async (request, options) => {
  const prepare = request.assemble !== null ? assemble : request.mode === "re-point" ? rePoint : dropIn;
  const scene = await prepare(request, options);
  const reportPath = await writeReport(options.folder, scene.report);
  const summary = summarize(scene.report);
  if (summary !== undefined) options.say(`${summary} See ${reportPath}.`);
  return scene;
};
