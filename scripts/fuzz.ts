// Downloads from a farm that cuts, splices and lies, as often as asked.
import { fuzzDownloads } from "../packages/core/test/fuzz/fuzz-downloads.ts";
import { readNumbers } from "./lib/read-numbers.ts";

const USAGE = `Usage: npm run fuzz -- [runs] [seed]
Downloads from a farm that cuts, splices and lies. By default 10000 runs with seed 14.`;

const [runs, seed] = readNumbers(USAGE, process.argv.slice(2), [10_000, 14] as const);
const startedMs = performance.now();
const { identical, errors } = await fuzzDownloads({ runs, seed });
const seconds = Math.round((performance.now() - startedMs) / 1000);
console.log(
  `${runs} downloads with seed ${seed} in ${seconds} s: ${identical} files, each as the farm has it.`,
);
for (const [code, count] of Object.entries(errors).sort(([, a], [, b]) => b - a)) {
  console.log(`  ${count} × ${code}`);
}
