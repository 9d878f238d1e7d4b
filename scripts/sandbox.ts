// A sandbox on this machine with all that it needs; takes the arguments of `renderjuice sandbox`.
import { run, runQuietly } from "./lib/run.ts";
import { BLENDER, BUBBLEWRAP, installSystemPackages } from "./lib/system-packages.ts";

// Ctrl-C is for the sandbox; this waits for it.
process.on("SIGINT", () => undefined);
for (const { advice } of await installSystemPackages([BLENDER, BUBBLEWRAP])) console.error(advice);
if (await runQuietly("turbo", ["run", "build", "--filter=@renderjuice/cli..."])) process.exit(1);
process.exit(await run("node", ["packages/cli/dist/main.js", "sandbox", ...process.argv.slice(2)]));
