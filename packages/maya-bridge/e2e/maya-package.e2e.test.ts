import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findPython, findPythons } from "../../../hosts/lib/pythons.ts";
import { py, setUpMaya } from "./with-maya.ts";

describe.each(findPythons("maya"))(
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
      await expect(list(1, 24, 0.5)).rejects.toThrow("renders whole frames only");
      await expect(list(-5, 24, 1)).rejects.toThrow("starts at 0");
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

    test("caches: what is hidden in Maya stays out of them, and what a layer hides inside is named", async () => {
      const node = (name: string, type: string, attributes = {}, more = {}) => ({
        name,
        type,
        attributes,
        ...more,
      });
      const nodes = [
        node("|hero", "transform"),
        node("|hero|helmet", "transform"),
        node("|proxy", "transform", { visibility: false }),
        node("|blink", "transform", { visibility: false }, { connected: ["visibility"] }),
        node("|old", "transform"),
        node("layer1", "displayLayer", { visibility: false }, { members: ["|old", "|hero|helmet"] }),
        node("layer2", "displayLayer", { visibility: true }, { members: ["|hero"] }),
        node("|shotCam", "transform", { visibility: false }),
        node("|shotCam|shotCamShape", "camera", { renderable: true }),
      ];
      await using setup = await setUpMaya({ python, scene: { nodes } });
      const maya = await setup.startMaya();
      const frames = '{"start": 1.0, "end": 2.0, "step": 1.0}';
      const names = await maya.python(`
from renderjuice_maya import caches
exported = caches.export(caches.default_groups(), "abc", ${frames}, ${py(join(setup.folder, "caches"))})
[cache["name"] for cache in exported]`);
      expect(names).toEqual(["hero", "blink", "camera"]);
      const renderable = maya.log
        .filter(({ event }) => event === "export")
        .map(({ options }) => JSON.stringify(options).includes("renderableOnly"));
      expect(renderable).toEqual([true, true, false]);
      const { text } = await maya.seen(({ event }) => event === "warning");
      expect(text).toMatch(/in the caches: \|hero\|helmet\. Hide them/);
      await expect(
        maya.python(`caches.export({"proxy": ["|proxy"]}, "abc", ${frames}, ${py(setup.folder)})`),
      ).rejects.toThrow(/"\|proxy" is hidden in Maya.*leave it out of groups/);
    });

    test("caches: what cannot be written says which plug-in is missing", async () => {
      await using setup = await setUpMaya({ python, scene: { plugins: [] } });
      const maya = await setup.startMaya();
      await expect(
        maya.python("from renderjuice_maya import caches\ncaches.choose_format('auto')"),
      ).rejects.toThrow(/AbcExport or mayaUsdPlugin or fbxmaya.*Plug-in Manager/);
      await expect(maya.python("caches.choose_format('obj')")).rejects.toThrow("is not a cache format");
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

    test("a callback that fails stops nothing; what is known or older is dropped", async () => {
      await using setup = await setUpMaya({ python });
      const maya = await setup.startMaya();
      const seen = await maya.python(`
import renderjuice_maya
from renderjuice_maya import progress
seen = []
renderjuice_maya.on_progress(lambda job: 1 / 0)
renderjuice_maya.on_progress(lambda job: seen.append([job["revision"], job["phase"]]))
news = [(1, "rendering"), (3, "rendering"), (2, "rendering"), (3, "rendering"), (3, "stopped"), (4, "failed"), (4, "failed")]
for revision, phase in news:
    progress.show({"id": "a", "revision": revision, "phase": phase, "message": "m", "scene": "s", "createdAt": "2026"})
seen`);
      expect(seen).toEqual([
        [1, "rendering"],
        [3, "rendering"],
        [3, "stopped"],
        [4, "failed"],
      ]);
    });

    test("the session file is for this user alone, and goes with Maya", async () => {
      await using setup = await setUpMaya({ python });
      const maya = await setup.startMaya();
      const session = await setup.openPort(maya);
      expect(session.token).toMatch(/^[0-9a-f]{64}$/);
      const [name = "", ...others] = await readdir(setup.sessionsFolder);
      expect([name, others]).toEqual([`${maya.pid}@${session.host}.json`, []]);
      const file = join(setup.sessionsFolder, name);
      expect(await maya.python(`import os\nos.stat(${py(file)}).st_mode & 0o777`)).toBe(0o600);
      await maya.quit();
      await expect(readFile(file)).rejects.toThrow("ENOENT");
    });
  },
);

const python = findPython("maya");

/** Jobs as they lie in their folder, without bridges. */
const ADD_JOBS = `
import json, os
import renderjuice_maya
from renderjuice_maya import job_table, progress
def add_jobs(count):
    for number in range(count):
        job_id = "job{:05}".format(number)
        job_table.create(job_id)
        request = {"output": {"folder": "/frames"}, "facts": {"scene": "/shows/sh010.ma"}, "blend": "/shows/sh010.blend"}
        job_table.write_request(job_id, request)
def spoil(job_id, name, text):
    with open(os.path.join(job_table.folder_of(job_id), name), "w") as stream:
        stream.write(text)
`;

describe.skipIf(python === "")("the table of jobs", { concurrent: true }, () => {
  test("the window has the newest and those that are not over; news of others do not build it again", async () => {
    await using setup = await setUpMaya({ python });
    const maya = await setup.startMaya();
    await maya.python(`${ADD_JOBS}
add_jobs(10)
def show(job_id, revision, phase, message):
    progress.show(dict(job_table.read(job_id), revision=revision, phase=phase, message=message))
show("job00000", 1, "rendering", "Rendering: 1 of 3.")
renderjuice_maya.open_window()
show("job00000", 2, "rendering", "Rendering: 2 of 3.")
show("job00001", 1, "failed", "Late news of an old job.")`);
    const controls = maya.log.filter(({ event }) => event === "control");
    expect(controls.filter(({ kind }) => kind === "frameLayout")).toHaveLength(9);
    expect(controls.filter(({ kind }) => kind === "window")).toHaveLength(1);
    expect(controls).toContainEqual(
      expect.objectContaining({ name: "renderjuice_text_job00000", label: "Rendering: 2 of 3." }),
    );
  });

  test("a job that cannot be read is left out, with one line; old ones are not looked into", async () => {
    await using setup = await setUpMaya({ python });
    const maya = await setup.startMaya();
    const complaints = () =>
      maya.log
        .filter(({ stream }) => stream === "stderr")
        .map(({ text }) => /job\d{5} cannot be read/.exec(String(text))?.[0]);
    await maya.python(`${ADD_JOBS}
add_jobs(13)
spoil("job00000", "job.json", "no JSON")
spoil("job00012", "job.json", '{"version": 1}')
spoil("job00011", "job.json", "[]")
spoil("job00010", "state.json", "[1]")
for number in range(13):
    # Written over, they would be the newest.
    os.utime(os.path.join(job_table.folder_of("job{:05}".format(number)), "job.json"), (number, number))
renderjuice_maya.open_window()`);
    expect(complaints()).toEqual([
      "job00012 cannot be read",
      "job00011 cannot be read",
      "job00010 cannot be read",
    ]);
    const ids = await maya.python(
      "renderjuice_maya.status()\n[job['id'] for job in renderjuice_maya.status()]",
    );
    expect(ids).toEqual(Array.from({ length: 9 }, (_, index) => `job0000${9 - index}`));
    expect(complaints()).toHaveLength(4);
    await expect(maya.python("renderjuice_maya.status('job00012')")).rejects.toThrow(
      "job00012 cannot be read. Remove the folder",
    );
  });

  test("a job is starting until its bridge should be there, and stopped when none is", async () => {
    await using setup = await setUpMaya({ python });
    const maya = await setup.startMaya();
    const phases = await maya.python(`${ADD_JOBS}
add_jobs(1)
phases = []
def look():
    job = renderjuice_maya.status("job00000")
    phases.append([job["phase"], job["isFollowed"]])
def grow_old(name):
    os.utime(os.path.join(job_table.folder_of("job00000"), name), (1, 1))
job_table.set_owner("job00000", None)
look()
grow_old("owner.json")
look()
spoil("job00000", "state.json", '{"phase": "rendering", "revision": 3, "message": "Rendering."}')
spoil("job00000", "bridge.lock", "")
look()
grow_old("bridge.lock")
look()
phases`);
    expect(phases).toEqual([
      ["starting", true],
      ["stopped", false],
      ["rendering", true],
      ["stopped", false],
    ]);
    expect(await maya.python("renderjuice_maya.status('job00000')['message']")).toContain(
      "The bridge ended unexpectedly",
    );
  });
});

describe.skipIf(python === "")("the session file", { concurrent: true }, () => {
  test("is written again when somebody has removed it", async () => {
    await using setup = await setUpMaya({ python });
    const maya = await setup.startMaya();
    const session = await setup.openPort(maya);
    await rm(setup.sessionsFolder, { recursive: true });
    expect(await setup.openPort(maya)).toEqual(session);
  });

  test("of a Maya that crashed is removed by the next one, that of another machine is not", async () => {
    await using setup = await setUpMaya({ python });
    const crashed = await setup.startMaya();
    const { host } = await setup.openPort(crashed);
    const elsewhere = await setup.startMaya();
    await elsewhere.python('import socket\nsocket.gethostname = lambda: "Workstation B"');
    await setup.openPort(elsewhere);
    await crashed.kill();
    await elsewhere.kill();
    const next = await setup.startMaya();
    await setup.openPort(next);
    expect((await readdir(setup.sessionsFolder)).sort()).toEqual(
      [`${elsewhere.pid}@workstation_b.json`, `${next.pid}@${host}.json`].sort(),
    );
  });
});

describe.skipIf(python === "")("the names of caches", { concurrent: true }, () => {
  const node = (name: string) => ({ name, type: "transform", attributes: {} });
  const exportOf = (groups: string, folder: string) => `
from renderjuice_maya import caches
exported = caches.export(${groups}, "abc", {"start": 1.0, "end": 2.0, "step": 1.0}, ${py(folder)})
{cache["name"]: cache["roots"] for cache in exported}`;

  test.each([
    ["a namespace", "|set:house", "|set_house"],
    ["upper case", "|Hero", "|hero"],
  ])("two nodes that differ by %s only are refused, and nothing is written", async (_what, one, other) => {
    await using setup = await setUpMaya({ python, scene: { nodes: [node(one), node(other)] } });
    const maya = await setup.startMaya();
    const folder = join(setup.folder, "caches");
    const exported = maya.python(exportOf("caches.default_groups()", folder));
    await expect(exported).rejects.toThrow(`"${one}" and "${other}" would both become the cache`);
    expect(maya.log.filter(({ event }) => event === "export")).toEqual([]);
    const chosen = `{"one": ["${one}"], "other": ["${other}"]}`;
    expect(await maya.python(exportOf(chosen, folder))).toEqual({ one: [one], other: [other] });
  });

  test("a top node called camera has another than the cameras that render", async () => {
    const shot = [
      node("|shotCam"),
      { name: "|shotCam|shotCamShape", type: "camera", attributes: { renderable: true } },
    ];
    await using setup = await setUpMaya({ python, scene: { nodes: [node("|camera"), ...shot] } });
    const maya = await setup.startMaya();
    expect(await maya.python(exportOf("caches.default_groups()", join(setup.folder, "caches")))).toEqual({
      camera_group: ["|camera"],
      camera: ["|shotCam"],
    });
  });
});
