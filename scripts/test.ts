// Everything CI needs, in the order in which it fails fastest. One line per step; the last line counts the tests.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installN8n } from "./lib/install-n8n.ts";
import { run } from "./lib/run.ts";
import {
  BLENDER,
  CHROMIUM,
  installSystemPackages,
  POSTGRES,
  PYTHON,
  REDIS,
  UNZIP,
} from "./lib/system-packages.ts";

interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly limitMs?: number;
}

const reports = mkdtempSync(join(tmpdir(), "renderjuice-test-"));
const vitest = (project: string, ...options: string[]): Step["command"] => [
  "vitest",
  "run",
  "--project",
  project,
  "--reporter=json",
  `--outputFile.json=${join(reports, `${project}.json`)}`,
  ...options,
];

// Twice what a step takes on two cores. What hangs shall fail and say so, not hold up a release for hours.
const LIMIT_MS = 5 * 60_000;
const E2E_LIMIT_MS = 35 * 60_000;

const STEPS: readonly Step[] = [
  { name: "lint", command: ["biome", "ci", "."] },
  { name: "build", command: ["turbo", "run", "build", "--output-logs=errors-only"] },
  { name: "types", command: ["turbo", "run", "typecheck", "--output-logs=errors-only"] },
  { name: "types of scripts", command: ["tsc", "-p", "scripts"] },
  { name: "unit tests", command: vitest("unit", "--reporter=minimal", "--maxWorkers=100%") },
  { name: "packages", command: ["turbo", "run", "check:package", "--output-logs=errors-only"] },
  { name: "unused code", command: ["knip"] },
  { name: "installed packages", command: ["node", "scripts/pack-smoke.ts"] },
  {
    name: "e2e tests",
    // Those that hang take their time-out each.
    command: vitest("e2e", "--reporter=default", "--bail=5"),
    limitMs: E2E_LIMIT_MS,
  },
];

const missing = await installSystemPackages([BLENDER, UNZIP, CHROMIUM, PYTHON, POSTGRES, REDIS]);
for (const { program, advice } of missing)
  console.error(`! ${program} is missing; its tests are skipped. ${advice}`);
const hasN8n = await installN8n().then(
  () => true,
  (error: Error) => console.error(`! n8n is missing; its tests are skipped. ${error.message}`),
);
if ((missing.length > 0 || !hasN8n) && process.env.CI) fail("In CI nothing may be skipped.");

const failed: string[] = [];
for (const { name, command, limitMs = LIMIT_MS } of STEPS) {
  console.log(`\n── ${name}`);
  const [program, ...args] = command;
  if ((await run(program, args, { limitMs })) !== 0) failed.push(name);
}

const tests = countTests();
rmSync(reports, { recursive: true });
console.log(failed.length > 0 ? `\nFailed: ${failed.join(", ")}` : "\nAll steps passed.");
console.log(`${tests.passed} passed, ${tests.failed} failed, ${tests.skipped} skipped`);
process.exit(failed.length > 0 ? 1 : 0);

function countTests() {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const project of ["unit", "e2e"]) {
    const report = readReport(join(reports, `${project}.json`));
    counts.passed += report.numPassedTests;
    counts.failed += report.numFailedTests;
    counts.skipped += report.numPendingTests;
  }
  return counts;
}

/** A run that broke before it could report has failed as a step. */
function readReport(path: string): {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
} {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0 };
  }
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
