import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { prepareScene } from "../src/scene/prepare-scene.ts";
import { makeRequest } from "./job-request.fixture.ts";

async function makeFiles() {
  const folder = await mkdtemp(join(tmpdir(), "renderjuice-drop-in-"));
  const blend = join(folder, "light.blend");
  const hero = join(folder, "job", "caches", "hero.abc");
  await mkdir(join(folder, "job", "caches"), { recursive: true });
  await writeFile(blend, "blend");
  await writeFile(hero, "hero");
  const options = { folder: join(folder, "job"), signal: AbortSignal.abort(), say: () => undefined };
  return { blend, hero, options, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

test("the .blend is at the top and the caches are where it reads them, however often it is prepared", async () => {
  await using files = await makeFiles();
  const caches = [{ name: "hero", path: files.hero, format: "abc" as const, roots: ["|hero_grp"] }];
  const request = makeRequest({ blend: files.blend, caches });
  await prepareScene(request, files.options);
  const { sourcePaths, report } = await prepareScene(request, files.options);
  expect(report.packed).toEqual(["light.blend", "caches/hero.abc"]);
  const [root = ""] = sourcePaths;
  expect((await readdir(root, { recursive: true })).sort()).toEqual([
    "caches",
    "caches/hero.abc",
    "light.blend",
  ]);
  expect(await readFile(join(root, "caches/hero.abc"), "utf8")).toBe("hero");
});

test("without a .blend it says what to pass", async () => {
  await using files = await makeFiles();
  await expect(prepareScene(makeRequest(), files.options)).rejects.toMatchObject({
    code: "invalid_option",
    hint: expect.stringContaining("blend="),
  });
});
