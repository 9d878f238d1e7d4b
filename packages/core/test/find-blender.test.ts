import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBlender } from "../src/node/adapter.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "renderjuice-blender-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** A program that says what Blender says of its version. */
async function program(says: string, ...place: string[]): Promise<string> {
  const path = join(folder, ...place, "blender");
  await mkdir(join(folder, ...place), { recursive: true });
  await writeFile(path, `#!/bin/sh\necho "${says}"\n`);
  await chmod(path, 0o755);
  return path;
}

// The programs that stand in for Blender are shell scripts.
describe.skipIf(process.platform === "win32")("findBlender", () => {
  test("takes the option before the variable before the PATH before the usual places", async () => {
    const [option, variable, path] = await Promise.all([
      program("Blender 4.2.1 LTS", "option"),
      program("Blender 4.1.0", "variable"),
      program("Blender 3.6.5", "path"),
    ]);
    await program("Blender 5.0", "blender-5.0-linux-x64");
    const home = { PATH: "", HOME: folder };
    const env = { ...home, RENDERJUICE_BLENDER: variable, PATH: join(folder, "path") };
    expect(await findBlender({ executable: option, env })).toMatchObject({ version: [4, 2, 1] });
    expect(await findBlender({ env })).toMatchObject({ version: [4, 1, 0], foundBy: "RENDERJUICE_BLENDER" });
    expect(await findBlender({ env: { ...home, PATH: env.PATH } })).toMatchObject({
      executable: path,
      foundBy: "PATH",
    });
  });

  test.each([
    ["Blender 2.93.1", "is Blender 2.93.1; 3.0 or later is required."],
    ["Maya 2024", "is not Blender."],
  ])("refuses what says %s", async (says, reason) => {
    const executable = await program(says, "other");
    await expect(findBlender({ executable })).rejects.toMatchObject({
      code: "blender_not_found",
      message: expect.stringContaining(reason),
      hint: expect.stringContaining("RENDERJUICE_BLENDER"),
    });
  });

  test("names a program that is not there", async () => {
    const env = { RENDERJUICE_BLENDER: join(folder, "gone") };
    await expect(findBlender({ env })).rejects.toMatchObject({
      message: `${env.RENDERJUICE_BLENDER} (from RENDERJUICE_BLENDER) could not be started.`,
    });
  });
});
