// How long `renderjuice --version` takes, next to a script that does nothing but print.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CLI, compare, report, timeProgram, withFolder } from "./measure.ts";

await withFolder(async (folder) => {
  const empty = join(folder, "empty.mjs");
  writeFileSync(empty, 'process.stdout.write("0.0.0\\n");');
  const seconds = await compare(15, {
    node: () => timeProgram(process.execPath, [empty]),
    renderjuice: () => timeProgram(process.execPath, [CLI, "--version"]),
  });
  const ratio = seconds.renderjuice / seconds.node;
  report("renderjuice --version relative to an empty script", ratio.toFixed(2), "<= 2", ratio <= 2);
});
