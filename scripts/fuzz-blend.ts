// Reads damaged .blend files, as often as asked.
import { fuzzBlend } from "../packages/core/test/fuzz/fuzz-blend.ts";
import { readNumbers } from "./lib/read-numbers.ts";

const USAGE = `Usage: npm run fuzz-blend -- [runs] [seed]
Reads .blend files that are damaged at random. By default 100000 runs with seed 17.`;

const [runs, seed] = readNumbers(USAGE, process.argv.slice(2), [100_000, 17] as const);
const startedMs = performance.now();
const { facts, errors, slowest } = await fuzzBlend({ runs, seed });
const seconds = Math.round((performance.now() - startedMs) / 1000);
const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(`${runs} files with seed ${seed} in ${seconds} s: ${facts} were read.`);
for (const [code, count] of Object.entries(errors).sort(([, a], [, b]) => b - a)) {
  console.log(`  ${count} × ${code}`);
}
console.log(
  `The slowest, number ${slowest.number}, took ${Math.round(slowest.ms)} ms; memory never exceeded ${peakMiB} MiB.`,
);
