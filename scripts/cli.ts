// The CLI as it is built here, from the folder that it was called in: npm run -s cli -- doctor
import { run, runQuietly } from "./lib/run.ts";

// Ctrl-C is for the CLI, which says how to go on; this waits for it.
process.on("SIGINT", () => undefined);
if (await runQuietly("turbo", ["run", "build", "--filter=@renderjuice/cli..."])) process.exit(1);
const main = new URL("../packages/cli/dist/main.js", import.meta.url).pathname;
process.exit(await run("node", [main, ...process.argv.slice(2)], { cwd: process.env.INIT_CWD }));
