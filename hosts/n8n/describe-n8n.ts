import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { describe } from "vitest";
import { N8N_PROGRAM } from "./data.ts";
import { findPostgres } from "./postgres.ts";

/** Tests that need n8n. They are skipped, with a message, if it is not installed; in CI that is a failure. */
export function describeN8n(name: string, tests: () => void): void {
  describeWith(
    existsSync(N8N_PROGRAM) || "n8n is not installed (npm run e2e -- n8n installs it)",
    name,
    tests,
  );
}

/** Tests of queue mode, which need Redis and PostgreSQL too. */
export function describeN8nQueue(name: string, tests: () => void): void {
  const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;
  if (hasRedis && findPostgres() !== undefined) describeN8n(name, tests);
  else describeWith("redis-server or PostgreSQL is not installed", name, tests);
}

function describeWith(possible: true | string, name: string, tests: () => void): void {
  if (possible === true) {
    describe(name, tests);
    return;
  }
  if (process.env.CI) throw new Error(`"${name}" cannot be tested: ${possible}.`);
  process.stderr.write(`\nSKIPPED, "${name}" was not tested: ${possible}.\n`);
  describe.skip(name, tests);
}
