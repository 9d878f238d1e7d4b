// Reads the facts of a scene, and prints how many seconds that took and how much memory, at its peak, in MiB.
import { inspectScene } from "@renderjuice/core/node";
import { timeOf } from "./measure.ts";

const [path = ""] = process.argv.slice(2);
const seconds = await timeOf(() => inspectScene(path));
console.log(seconds, process.resourceUsage().maxRSS / 1024);
