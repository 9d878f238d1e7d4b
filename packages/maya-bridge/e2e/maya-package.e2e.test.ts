import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findPythons } from "./pythons.ts";
import { py, setUpMaya } from "./with-maya.ts";

describe.each(findPythons())(
  "renderjuice_maya in Python $version",
  { concurrent: true },
  ({ executable: python }) => {
    test("tokens of paths stand for the files that are there", async () => {
      await using setup = await setUpMaya({ python });
      const maya = await setup.startMaya();
      const folder = join(setup.folder, "textures [1]");
      await mkdir(folder);
      const names = [
        "a.1001.exr",
        "a.1002.exr",
        "a.preview.exr",
        "b.0001.png",
        "b.0007.png",
        "c_u1_v2.tif",
        "d.3.jpg",
        "plain.exr",
      ];
      for (const name of names) await writeFile(join(folder, name), "");
      const expand = async (name: string, frames = "None") =>
        maya.python(`
import os
from renderjuice_maya import file_tokens
[os.path.basename(path) for path in file_tokens.expand(${py(join(folder, name))}, ${frames})]`);
      expect(await expand("a.<UDIM>.exr")).toEqual(["a.1001.exr", "a.1002.exr"]);
      expect(await expand("b.####.png")).toEqual(["b.0001.png", "b.0007.png"]);
      expect(await expand("b.####.png", "range(5, 10)")).toEqual(["b.0007.png"]);
      expect(await expand("b.%04d.png", "[1]")).toEqual(["b.0001.png"]);
      expect(await expand("c_<UVTILE>.tif")).toEqual(["c_u1_v2.tif"]);
      expect(await expand("c_u<U>_v<V>.tif")).toEqual(["c_u1_v2.tif"]);
      expect(await expand("d.<f>.jpg")).toEqual(["d.3.jpg"]);
      expect(await expand("plain.exr")).toEqual(["plain.exr"]);
      expect(await expand("a.<UDIM>.tx")).toEqual([]);
    });

    test("frames are those of the render settings, and must be whole", async () => {
      await using setup = await setUpMaya({ python });
      const maya = await setup.startMaya();
      const list = (start: number, end: number, step: number) =>
        maya.python(
          `from renderjuice_maya import scene_facts\nscene_facts.frame_list({"start": ${start}, "end": ${end}, "step": ${step}})`,
        );
      expect(await list(1, 24, 1)).toBe("1-24");
      expect(await list(1, 24, 2)).toBe("1-24x2");
      expect(await list(7, 7, 1)).toBe("7");
      await expect(list(1, 24, 0.5)).rejects.toThrow("parts of frames");
      await expect(list(-5, 24, 1)).rejects.toThrow("begins at 0");
    });

    test.each([
      ["Alembic first", ["AbcExport"], [], "abc"],
      ["USD where there is no Alembic", [], ["mayaUsdPlugin"], "usd"],
      ["FBX where there is neither", ["fbxmaya"], [], "fbx"],
    ])("caches: %s", async (_what, plugins, available, format) => {
      await using setup = await setUpMaya({ python, scene: { plugins, available } });
      const maya = await setup.startMaya();
      const exported = await maya.python(`
from maya import cmds
from renderjuice_maya import caches
cmds.select(["hero_grp"], replace=True)
frames = {"start": 1.0, "end": 24.0, "step": 1.0}
exported = caches.export(caches.default_groups(), "auto", frames, ${py(join(setup.folder, "caches"))})
[[cache["name"], cache["format"]] for cache in exported]`);
      expect(exported).toEqual([
        ["hero_grp", format],
        ["set_house", format],
        ["camera", format],
      ]);
      expect(await maya.python("cmds.ls(selection=True)")).toEqual(["|hero_grp"]);
    });

    test("caches: what cannot be written says which plug-in is missing", async () => {
      await using setup = await setUpMaya({ python, scene: { plugins: [] } });
      const maya = await setup.startMaya();
      await expect(
        maya.python("from renderjuice_maya import caches\ncaches.choose_format('auto')"),
      ).rejects.toThrow(/AbcExport or mayaUsdPlugin or fbxmaya.*Plug-in Manager/);
      await expect(maya.python("caches.choose_format('obj')")).rejects.toThrow("no cache format");
    });

    test("caches cover the frames that are asked for, not only those of the render settings", async () => {
      await using setup = await setUpMaya({ python });
      const maya = await setup.startMaya();
      await maya.python(
        `import renderjuice_maya\nrenderjuice_maya.submit(blend=${py(setup.blend)}, frames="3,10-40x5")`,
      );
      const { options } = await maya.seen(({ event }) => event === "export");
      expect(options).toContainEqual(["frameRange", "3.0 40.0"]);
      await maya.seen(({ event, text }) => event === "inViewMessage" && /frames are in/.test(String(text)));
    });

    test("facts of the scene", async () => {
      await using setup = await setUpMaya({ python, scene: { linear: "m", upAxis: "z" } });
      const maya = await setup.startMaya();
      expect(
        await maya.python("from renderjuice_maya import scene_facts\nscene_facts.read_facts()"),
      ).toMatchObject({
        frames: { start: 1, end: 6, step: 2 },
        fps: 24,
        resolution: { width: 64, height: 36, pixelAspect: 1 },
        cameras: [
          { name: "shotCam", focalLengthMm: 35, filmWidthMm: expect.closeTo(36, 1), filmFit: "horizontal" },
        ],
        metersPerUnit: 1,
        upAxis: "z",
      });
    });

    test("names of files are shown as text, not as markup", async () => {
      await using setup = await setUpMaya({ python });
      const maya = await setup.startMaya();
      await maya.python(`
from renderjuice_maya import progress
progress.show({"id": "a", "revision": 1, "phase": "failed", "message": "<img src=x>&", "scene": "s", "createdAt": "2026"})`);
      const { text } = await maya.seen(({ event }) => event === "inViewMessage");
      expect(text).toBe("Renderjuice: &lt;img src=x&gt;&amp;");
    });

    test("a callback that fails stops nothing; older news are dropped", async () => {
      await using setup = await setUpMaya({ python });
      const maya = await setup.startMaya();
      const seen = await maya.python(`
import renderjuice_maya
from renderjuice_maya import progress
seen = []
renderjuice_maya.on_progress(lambda job: 1 / 0)
renderjuice_maya.on_progress(lambda job: seen.append(job["revision"]))
for revision in (1, 3, 2):
    progress.show({"id": "a", "revision": revision, "phase": "rendering", "message": "m", "scene": "s", "createdAt": "2026"})
seen`);
      expect(seen).toEqual([1, 3]);
    });

    test("the session file is for this user alone, and goes with Maya", async () => {
      await using setup = await setUpMaya({ python });
      const maya = await setup.startMaya();
      const session = await setup.openPort(maya);
      expect(session.token).toMatch(/^[0-9a-f]{64}$/);
      const file = join(setup.env.MAYA_APP_DIR, "renderjuice/sessions", `${maya.pid}.json`);
      expect(await maya.python(`import os\nos.stat(${py(file)}).st_mode & 0o777`)).toBe(0o600);
      await maya.quit();
      await expect(readFile(file)).rejects.toThrow("ENOENT");
    });
  },
);
