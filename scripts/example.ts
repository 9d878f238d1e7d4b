// Runs a program of `examples`, in the folder that it was called in: npm run example -- submit-and-wait.ts shot.blend
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root, run, runQuietly } from "./lib/run.ts";

const EXAMPLES = join(root, "examples");
const [name = "", ...args] = process.argv.slice(2);
const names = readdirSync(EXAMPLES).filter((file) => file.endsWith(".ts"));
if (!names.includes(name)) {
  console.error(`There is no example "${name}". The examples are: ${names.join(", ")}.`);
  process.exit(2);
}
// Ctrl-C is for the example; this waits for it.
process.on("SIGINT", () => undefined);
if (await runQuietly("turbo", ["run", "build", "--filter=@renderjuice/core..."])) process.exit(1);
process.exit(await run("node", [join(EXAMPLES, name), ...args], { cwd: process.env.INIT_CWD }));
