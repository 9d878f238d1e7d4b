// A test's process that has a farm, leaves it as busy as can be and says so. It never ends by itself.
import { startFarm } from "./farm.ts";

const [python = "", repository = "", script = ""] = process.argv.slice(2);

const farm = await startFarm({ python, repository, closeMs: 500 });
await farm.configureEvent("Stubborn", { State: "Global Enabled" });
const { jobId } = await farm.submit({ jobInfo: { Plugin: "Printer" }, auxFiles: [script] });
const task = await farm.runTask(jobId);
await task.seen(/ready/);
await farm.cleanHouse({ application: "hangs-in-cleanup" });
for (const application of ["hangs-at-import", "hangs-between-callbacks"])
  void farm.cleanHouse({ application });
process.stdout.write(`${JSON.stringify({ farm: farm.path, lines: task.lines })}\n`);
