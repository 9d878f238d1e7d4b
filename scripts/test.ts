// Everything CI needs, in the order in which it fails fastest. One line per step; the last line counts the tests.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installN8n } from "./lib/install-n8n.ts";
import { run } from "./lib/run.ts";
import {
  BLENDER,
  BUBBLEWRAP,
  CHROMIUM,
  installSystemPackages,
  POSTGRES,
  PYTHON,
  REDIS,
  UNZIP,
} from "./lib/system-packages.ts";
import { countTests, TEST_LOG_VARIABLE, type TestCounts } from "./lib/test-log.ts";

interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** Of a step that runs tests: a line for each that has ended. */
  readonly testLog?: string | undefined;
}

// A step that hangs should fail with a message, not hold up a release for hours. How long tests take in all depends on
// what else the machine does; how long a single one takes is limited by its own time-out, which this is longer than.
const LIMIT_MS = 15 * 60_000;
const SILENCE_LIMIT_MS = 10 * 60_000;

const logs = mkdtempSync(join(tmpdir(), "renderjuice-test-"));

function testStep(name: string, project: string, ...options: string[]): Step {
  const testLog = join(logs, project);
  const reporter = "--reporter=./scripts/lib/test-log.ts";
  return { name, testLog, command: ["vitest", "run", "--project", project, reporter, ...options] };
}

const STEPS: readonly Step[] = [
  { name: "lint", command: ["biome", "ci", "."] },
  { name: "build", command: ["turbo", "run", "build", "--output-logs=errors-only"] },
  { name: "types", command: ["turbo", "run", "typecheck", "--output-logs=errors-only"] },
  { name: "types of scripts", command: ["tsc", "-p", "scripts"] },
  testStep("unit tests", "unit", "--reporter=minimal", "--maxWorkers=100%"),
  { name: "packages", command: ["turbo", "run", "check:package", "--output-logs=errors-only"] },
  { name: "unused code", command: ["knip"] },
  { name: "installed packages", command: ["node", "scripts/pack-smoke.ts"] },
  // Those that hang take their time-out each; vitest counts the groups around a failed test too.
  testStep("e2e tests", "e2e", "--reporter=default", "--bail=15"),
];

const missing = await installSystemPackages([BLENDER, BUBBLEWRAP, UNZIP, CHROMIUM, PYTHON, POSTGRES, REDIS]);
for (const { program, advice } of missing)
  console.error(`! ${program} is missing; its tests are skipped. ${advice}`);
const hasN8n = await installN8n().then(
  () => true,
  (error: Error) => console.error(`! n8n is missing; its tests are skipped. ${error.message}`),
);
if ((missing.length > 0 || !hasN8n) && process.env.CI) fail("In CI nothing may be skipped.");

const failed: string[] = [];
const total: TestCounts = { passed: 0, failed: 0, skipped: 0 };
for (const step of STEPS) {
  console.log(`\n── ${step.name}`);
  if ((await runStep(step)) !== 0) failed.push(step.name);
}
rmSync(logs, { recursive: true });
console.log(failed.length > 0 ? `\nFailed: ${failed.join(", ")}` : "\nAll steps passed.");
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(failed.length > 0 ? 1 : 0);

async function runStep({ command: [program, ...args], testLog }: Step): Promise<number> {
  if (testLog === undefined) return run(program, args, { limitMs: LIMIT_MS });
  writeFileSync(testLog, "");
  const exitCode = await run(program, args, {
    env: { ...process.env, [TEST_LOG_VARIABLE]: testLog },
    silence: { file: testLog, limitMs: SILENCE_LIMIT_MS },
  });
  const counts = countTests(testLog);
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
  return exitCode;
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
