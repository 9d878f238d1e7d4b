// Downloads from a farm that cuts, splices and lies, as often as asked: npm run fuzz [runs] [seed].
import { fuzzDownloads } from "../packages/core/test/fuzz/fuzz-downloads.ts";

const [runs = 10_000, seed = 14] = process.argv.slice(2).map(Number);
const startedMs = performance.now();
const { identical, errors } = await fuzzDownloads({ runs, seed });
const seconds = Math.round((performance.now() - startedMs) / 1000);
console.log(
  `${runs} downloads with seed ${seed} in ${seconds} s: ${identical} files, each as the farm has it.`,
);
for (const [code, count] of Object.entries(errors).sort(([, a], [, b]) => b - a)) {
  console.log(`  ${count} × ${code}`);
}
