// Changes core's code in many small ways and runs its tests on each: what no test notices is listed at the end.
// Takes folders and files below packages/core/src, such as `lifecycle http/retry text/redact.ts`; all of core takes hours.
import { existsSync, globSync, statSync } from "node:fs";
import { join } from "node:path";
import { isHelp, showUsage } from "./lib/read-numbers.ts";
import { root, run } from "./lib/run.ts";

const SOURCES = "packages/core/src";

const USAGE = `Usage: npm run mutate -- [folder or file below ${SOURCES}]...
Changes that code in many small ways and lists the changes that no test notices: npm run mutate -- lifecycle http/retry`;

const names = process.argv.slice(2);
if (isHelp(names)) showUsage(USAGE);
const patterns = (names.length > 0 ? names : ["."]).map((name) => toPattern(join(SOURCES, name)));
const files = patterns
  .flatMap((pattern) => globSync(pattern, { cwd: root }))
  .filter((file) => !/(\.test|\.d|index)\.ts$/.test(file));
process.exit(
  await run("stryker", ["run", "scripts/mutation/stryker.config.json", "--mutate", files.join(",")]),
);

function toPattern(path: string): string {
  if (existsSync(join(root, path)))
    return statSync(join(root, path)).isDirectory() ? `${path}/**/*.ts` : path;
  return showUsage(USAGE, `${path} does not exist.`);
}
