import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createSandbox } from "@renderjuice/sandbox";
import { describe, expect, test } from "vitest";
import { EXIT } from "../src/exit-codes.ts";
import { startBundle } from "./studio.ts";

const SCENE = fileURLToPath(new URL("../../../examples/scenes/orange-juice.blend", import.meta.url));

/** @returns what a task's log shows at a farm with this fault, line by line */
async function runTask(fault: string) {
  const outDir = await mkdtemp(join(tmpdir(), "renderjuice-rate-limit-"));
  try {
    await using sandbox = await createSandbox({ renderer: "simulated", faults: [fault] });
    const [RENDERJUICE_API_KEY = ""] = sandbox.apiKeys;
    const options = ["--scene", SCENE, "--frames", "1", "--out-dir", outDir, "--run-name", "limits"];
    const env = { RENDERJUICE_API_KEY, RENDERJUICE_API_URL: sandbox.url };
    const { exitCode, stdout } = await startBundle(["run", ...options], env).outcome;
    return { exitCode, lines: stdout.split("\n") };
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}

describe("a task that meets the rate limit", { concurrent: true }, () => {
  test("says once that it waits, and goes on", async () => {
    const { exitCode, lines } = await runTask("rate-limit:1@createJob");
    expect(lines.filter((line) => /rate limit|Too many/i.test(line))).toEqual([
      "The API's rate limit was reached. Continuing in 1s.",
    ]);
    expect(exitCode).toBe(EXIT.ok);
  });

  test("says how long the API asks to wait if it is too long, and leaves it to another attempt", async () => {
    const { exitCode, lines } = await runTask("rate-limit:1200@createJob*all");
    expect(lines.filter((line) => /rate limit|Too many|asks you to wait/i.test(line))).toEqual([
      expect.stringMatching(/^RJ-FAIL: .*status 429.*The API asks you to wait 20m\. Then try again/),
    ]);
    expect(exitCode).toBe(EXIT.temporary);
  });
});
