import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { DEMO_SCENE } from "./scenes.ts";
import { readEvents, startSandbox } from "./with-cli.ts";

describe.concurrent("a folder is shown as the user wrote it, whatever it looks like", () => {
  test.each([
    "RJ-Studio/sh010",
    "RJ-Studio-projects-2026",
    "sig=0123456789",
    "a?token=0123456789",
    "Bearer 0123456789",
    "eyJhbGciOiJIUzI1NiJ9.abc",
    "bell\u0007",
    "turned\u202e",
    "it's $HOME\n::error::x",
  ])("%j", async (name) => {
    await using setup = await startSandbox();
    const out = join(setup.folder, name);
    const started = await setup.run("submit", DEMO_SCENE, "--frames", "1", "--no-wait", "--out", out);
    expect(started.stdout).not.toContain("[redacted]");
    const [, next = ""] = /Next: {3}(.*)\n/.exec(started.stdout) ?? [];
    expect(await setup.paste(next)).toMatchObject({ exitCode: 0 });
    expect(await readdir(out)).not.toEqual([]);
    const again = await setup.run("--json", "submit", DEMO_SCENE, "--frames", "1", "--out", out);
    expect(again.stdout).not.toContain("redacted");
    expect(readEvents(again.stdout).at(-1)).toMatchObject({
      downloads: { outDir: out, files: [{ path: expect.stringContaining(out) }] },
    });
  });

  test("except the key itself", async () => {
    await using setup = await startSandbox();
    const key = setup.env.RENDERJUICE_API_KEY;
    for (const json of [[], ["--json"]]) {
      const out = join(setup.folder, key);
      const ran = await setup.run(...json, "submit", DEMO_SCENE, "--frames", "1", "--out", out);
      expect(ran.exitCode).toBe(0);
      expect(ran.stdout + ran.stderr).not.toContain(key);
    }
  });
});
