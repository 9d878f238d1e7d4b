import { run } from "./lib/run.ts";

process.exit(await run("biome", ["check", ...process.argv.slice(2)]));
