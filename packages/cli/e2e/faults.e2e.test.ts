import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { FAULTS } from "@renderjuice/sandbox";
import { describe, expect, test } from "vitest";
import { DEMO_SCENE } from "./scenes.ts";
import { readEvents, startSandbox } from "./with-cli.ts";

/** What submit does with each fault of the sandbox, except those of webhooks. */
const SPECS = [
  "rate-limit:0@startRender",
  "rate-limit-date:1@createJob",
  "rate-limit-bare@getDownloads",
  "server-error@validateJob*2",
  "slow-request:20*3",
  "slow-body:5*3",
  "lost-response@createJob",
  "lost-response@startRender",
  "error-body:html@createUpload*all",
  "error-body:nest@startRender*all",
  "unknown-status*3",
  "nulls*all",
  "missing-fields*all",
  "extra-fields*all",
  "swapped-envelope*all",
  "empty-response*all",
  "page-size-limit*all",
  "late-outputs",
  "slug-reuse-refused",
  "idle-cancel-refused",
  "expired-upload-url",
  "expired-download-url",
  "upload-reset",
  "upload-lost-response",
  "upload-error",
  "download-reset:10",
  "download-slow:1",
  "download-error",
  "render-crash",
] as const;

const REFUSED = ["error-body:html@createUpload*all", "error-body:nest@startRender*all", "render-crash"];

test("every fault of the sandbox is tested", () => {
  const tried = new Set<string>(SPECS.map((spec) => spec.split(/[:@*]/)[0] ?? ""));
  const untried = Object.keys(FAULTS).filter((name) => !tried.has(name) && !name.startsWith("webhook-"));
  expect(untried).toEqual([]);
});

describe.concurrent("submit", () => {
  test.each(SPECS)("%s", async (fault) => {
    await using setup = await startSandbox({ faults: [fault] });
    const out = join(setup.folder, "frames");
    const { exitCode, stdout, stderr } = await setup.run(
      ...["--json", "submit", DEMO_SCENE, "--frames", "1-3", "--out", out],
    );
    const events = readEvents(stdout);
    expect(stderr).toBe("");
    if (REFUSED.includes(fault)) {
      expect(exitCode).toBeGreaterThanOrEqual(4);
      expect(events.at(-1)).toMatchObject({
        type: "error",
        exitCode,
        message: expect.stringMatching(/\w{10}|\w+ \w+/),
        hint: expect.stringMatching(/\w+ \w+/),
      });
    } else {
      expect(exitCode, stdout).toBe(0);
      expect((await readdir(out)).filter((name) => name.endsWith(".png"))).toHaveLength(3);
    }
    // Only in this case may the farm have a second job, and a warning says so.
    const isCreateLost = fault === "lost-response@createJob";
    expect(/There may be a second job/.test(stdout)).toBe(isCreateLost);
    const { jobsCreated, rendersStarted } = setup.sandbox.statistics;
    expect(jobsCreated).toBeLessThanOrEqual(isCreateLost ? 2 : 1);
    expect(rendersStarted).toBeLessThanOrEqual(1);
  });
});
