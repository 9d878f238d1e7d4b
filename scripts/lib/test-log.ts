import { appendFileSync, readFileSync } from "node:fs";
import type { Reporter, TestCase, TestModule } from "vitest/node";

/** Names the file for `TestLogReporter`: vitest passes no options to a reporter that is named on its command line. */
export const TEST_LOG_VARIABLE = "RENDERJUICE_TEST_LOG";
const PROGRESS_MS = 30_000;
const STATES = ["passed", "failed", "skipped"] as const;

export type TestCounts = Record<(typeof STATES)[number], number>;

/**
 * Writes down each test as it ends, and now and then says how far it is. So a run that has to be ended from outside still
 * tells what has passed, and a slow run can be told from one that hangs.
 */
export default class TestLogReporter implements Reporter {
  readonly #file = process.env[TEST_LOG_VARIABLE] ?? "";
  #finished = 0;
  #lastLineMs = Date.now();

  onTestCaseResult(testCase: TestCase): void {
    this.#write(testCase.result().state);
    this.#finished += 1;
    if (Date.now() - this.#lastLineMs < PROGRESS_MS) return;
    this.#lastLineMs = Date.now();
    console.log(`  … ${this.#finished} tests done`);
  }

  /** A file that cannot be loaded has no tests, and has failed. */
  onTestModuleEnd(testModule: TestModule): void {
    if (testModule.errors().length > 0) this.#write("failed");
  }

  #write(state: string): void {
    appendFileSync(this.#file, `${state}\n`);
  }
}

/** Counts what a `TestLogReporter` wrote. */
export function countTests(file: string): TestCounts {
  const lines = readFileSync(file, "utf8").split("\n");
  const count = (state: string) => lines.filter((line) => line === state).length;
  return { passed: count("passed"), failed: count("failed"), skipped: count("skipped") };
}
