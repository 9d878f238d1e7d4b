// `docs` builds the documentation site and shows it on this machine; `docs build` only builds it.
import { run } from "./lib/run.ts";

const [task] = process.argv.slice(2);
if (task !== undefined && task !== "build") {
  console.error(`There is no "docs ${task}": npm run docs, or npm run docs -- build.`);
  process.exit(2);
}
// Ctrl-C is for the preview; this waits for it.
process.on("SIGINT", () => undefined);
const failed = await run("pnpm", ["--dir", "docs", "run", "--silent", "site"]);
if (failed || task === "build") process.exit(failed);
process.exit(await run("pnpm", ["--dir", "docs", "exec", "vitepress", "preview"]));
