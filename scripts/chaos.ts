// Kills the CLI and the sandbox at random moments, and continues with the printed commands.
import { runChaos } from "../packages/cli/e2e/chaos/run-chaos.ts";
import { readNumbers } from "./lib/read-numbers.ts";

const USAGE = `Usage: npm run chaos -- [kills] [seed]
Kills the CLI and the sandbox at random moments. By default 100 kills with a random seed, which is printed.`;

const [kills, seed] = readNumbers(USAGE, process.argv.slice(2), [100, 1 + (Date.now() % 100_000)] as const);
console.log(`${kills} kills with seed ${seed}`);
const report = await runChaos({ kills, seed, log: console.log });
console.log(`\n${report.scenes} scenes:`);
for (const [victim, count] of Object.entries(report.kills)) console.log(`  ${count} × ${victim}`);
for (const problem of report.problems) console.error(`\n✖ ${problem}`);
console.log(
  report.problems.length === 0
    ? "Each scene has its own frames, and was rendered once."
    : `${report.problems.length} problems.`,
);
process.exitCode = report.problems.length === 0 ? 0 : 1;
