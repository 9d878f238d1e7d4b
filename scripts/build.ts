// Builds all packages.
import { run } from "./lib/run.ts";

process.exit(await run("turbo", ["run", "build"]));
