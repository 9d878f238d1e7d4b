import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PNG } from "pngjs";
import { describe, expect, test, vi } from "vitest";
import { findPythons } from "../../../hosts/lib/pythons.ts";
import { hasBlender } from "../../../hosts/lib/test-programs.ts";
import type { JobRequest } from "../src/job/job-request.ts";
import { setUpScene } from "./prepared-scene.ts";
import { py, setUpMaya } from "./with-maya.ts";

/**
 * A studio's shot: a red quad that a Mesh Cache moves, a green one that is linked, textures outside of the shot's folder, a
 * camera with another lens than Maya's. Seen from 4 m with the lens of Maya, the image is 4 m wide.
 */
const STUDIO = `
from pathlib import Path
def folder(*names):
    path = Path(FOLDER, *names)
    path.mkdir(parents=True, exist_ok=True)
    return path
def image(name, color):
    picture = bpy.data.images.new(name, 8, 8)
    picture.pixels = [*color, 1.0] * 64
    picture.filepath_raw = str(folder("assets") / (name + ".png"))
    picture.file_format = "PNG"
    picture.save()
    bpy.data.images.remove(picture)
    return str(folder("assets") / (name + ".png"))
def glow(name, path):
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    tree = material.node_tree
    tree.nodes.clear()
    texture, light, output = [tree.nodes.new("ShaderNode" + kind) for kind in ("TexImage", "Emission", "OutputMaterial")]
    texture.image = bpy.data.images.load(path)
    tree.links.new(texture.outputs["Color"], light.inputs["Color"])
    tree.links.new(light.outputs["Emission"], output.inputs["Surface"])
    return material
def quad(name, left, right, bottom, top, material):
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(corners(left, right, bottom, top), [], [(0, 1, 2, 3)])
    mesh.materials.append(material)
    mesh.uv_layers.new()
    item = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(item)
    return item
def corners(left, right, bottom, top):
    return [(left, 0, bottom), (right, 0, bottom), (right, 0, top), (left, 0, top)]
def write_pc2(path, samples):
    head = struct.pack("<12siiffi", b"POINTCACHE2\\0", 1, 4, 1.0, 1.0, len(samples))
    path.write_bytes(head + b"".join(struct.pack("<3f", *point) for sample in samples for point in sample))

red, green = image("red", (1, 0, 0)), image("green", (0, 1, 0))
bpy.ops.wm.read_factory_settings(use_empty=True)
quad("prop", -2, 2, -1, -0.6, glow("green", green))
props = str(folder("show", "lib") / "props.blend")
bpy.ops.wm.save_as_mainfile(filepath=props)
bpy.ops.file.make_paths_relative()
bpy.ops.wm.save_mainfile()

bpy.ops.wm.read_factory_settings(use_empty=True)
scene = bpy.context.scene
scene.view_settings.view_transform = "Standard"
scene.render.engine = "CYCLES"
with bpy.data.libraries.load(props, link=True) as (source, target):
    target.objects = ["prop"]
scene.collection.objects.link(target.objects[0])
hero = quad("hero", -0.1, 0.1, 0, 1, glow("red", red))
modifier = hero.modifiers.new("move", "MESH_CACHE")
modifier.cache_format, modifier.frame_start = "PC2", 1
modifier.filepath = "/studio/old/hero.pc2"
bpy.ops.object.camera_add(location=(0, -4, 0), rotation=(1.5707963, 0, 0))
bpy.context.object.name = "shotCam"
bpy.context.object.data.lens = 200
bpy.ops.object.camera_add(location=(50, 0, 0))
scene.camera = bpy.context.object
EXTRA
bpy.ops.wm.save_as_mainfile(filepath=str(folder("show", "sh010") / "light.blend"))
# Frame 1 fills the right half, frame 2 the left one.
write_pc2(folder("publish") / "hero.pc2", [corners(0, 2, 0, 1), corners(-2, 0, 0, 1)])
`;

const MAYA_CAMERA: JobRequest["facts"]["cameras"][number] = {
  name: "sh010:shotCam",
  path: "|sh010:shotCam|sh010:shotCamShape",
  focalLengthMm: 36,
  filmWidthMm: 36,
  filmHeightMm: 24,
  filmFit: "horizontal",
  nearClip: 10,
  farClip: 10_000,
};
const FACTS: Partial<JobRequest["facts"]> = {
  cameras: [MAYA_CAMERA],
  fps: 23.976,
  frames: { start: 1, end: 2, step: 1 },
  resolution: { width: 160, height: 90, pixelAspect: 1 },
};
/** Has none of the names that Blender's scenes refer to. */
const MAYAS_OCIO = `ocio_profile_version: 1
roles:
  default: raw
  scene_linear: raw
displays:
  ACES:
    - !<View> {name: Raw, colorspace: raw}
colorspaces:
  - !<ColorSpace>
    name: raw
`;
/** What the re-pointed copy says of itself. */
const LOOK = `
scene = bpy.context.scene
camera = scene.camera
tell({
    "camera": [camera.name, camera.data.lens, camera.data.sensor_width, camera.data.sensor_fit],
    "clip": [round(camera.data.clip_start, 6), round(camera.data.clip_end, 6)],
    "frames": [scene.frame_start, scene.frame_end, scene.frame_step],
    "rate": [scene.render.fps, round(scene.render.fps_base, 6)],
    "size": [scene.render.resolution_x, scene.render.resolution_y, scene.render.resolution_percentage],
    "caches": [cache.filepath for cache in bpy.data.cache_files],
    "meshCaches": [m.filepath for item in bpy.data.objects for m in item.modifiers if m.type == "MESH_CACHE"],
    "images": sorted(image.filepath for image in bpy.data.images if image.library is None and image.source == "FILE"),
})
`;

describe.runIf(await hasBlender())("re-point", () => {
  async function setUpStudio(extra = "") {
    const setup = await setUpScene();
    await setup.blender(STUDIO.replace("EXTRA", extra));
    const blend = setup.path("show", "sh010", "light.blend");
    const hero = { name: "hero", path: setup.path("publish", "hero.pc2"), format: "pc2" as const, roots: [] };
    return { ...setup, blend, hero };
  }

  test("the farm renders the packed cache, texture and library, through Maya's camera", async () => {
    await using studio = await setUpStudio();
    const before = await hashOf(studio.blend);
    const scene = await studio.prepare(
      { blend: studio.blend, mode: "re-point", caches: [studio.hero] },
      FACTS,
    );
    expect(await hashOf(studio.blend)).toBe(before);
    expect(scene.report.warnings).toEqual([]);
    expect(scene.report.packed.slice(0, 1)).toEqual(["caches/hero.pc2"]);
    expect(scene.report.notes).toContainEqual(
      expect.stringMatching(
        /^hero > move now reads caches\/hero\.pc2 instead of .*\/studio\/old\/hero\.pc2\.$/,
      ),
    );

    // The farm has the archive only.
    await rm(studio.path("assets"), { recursive: true });
    await rm(studio.path("publish"), { recursive: true });
    await rm(studio.path("show"), { recursive: true });
    const [first, second] = await studio.render(scene, "1-2");
    if (!first || !second) throw new Error("Two frames were asked for.");
    expect([first.width, first.height]).toEqual([160, 90]);
    // The quad reaches from the middle up to 1 m: 40 of 45 pixels.
    expect(["left", "right"].map((side) => colorAt(first, side === "left" ? 40 : 120, 25))).toEqual([
      "black",
      "red",
    ]);
    expect(["left", "right"].map((side) => colorAt(second, side === "left" ? 40 : 120, 25))).toEqual([
      "red",
      "black",
    ]);
    for (const frame of [first, second]) expect(colorAt(frame, 80, 77)).toBe("green");
    expect(colorAt(first, 120, 2)).toBe("black");

    const [root = ""] = scene.sourcePaths;
    expect(await studio.blender(LOOK, join(root, "light.blend"))).toEqual({
      camera: ["shotCam", 36, 36, "HORIZONTAL"],
      clip: [0.1, 100],
      frames: [1, 2, 1],
      rate: [24, 1.001],
      size: [160, 90, 100],
      caches: [],
      meshCaches: ["//caches/hero.pc2"],
      images: [expect.stringMatching(/^\/\/external\/.*\/assets\/red\.png$/)],
    });
  });

  const [python] = findPythons("maya");
  test.runIf(python)("from Maya in one call, with a cache that the studio has already", async () => {
    await using studio = await setUpStudio();
    await using setup = await setUpMaya({ python: python?.executable ?? "", renderer: "blender" });
    const maya = await setup.startMaya();
    const caches = py(studio.hero.path);
    await maya.python(`
import renderjuice_maya
renderjuice_maya.submit(blend=${py(studio.blend)}, caches=[${caches}], mode="re-point", frames="1-2")`);
    await maya.seen(({ event, text }) => event === "inViewMessage" && /2 frames are in/.test(String(text)));
    const sides = await Promise.all(
      ["sh010_0001.png", "sh010_0002.png"].map(async (name) => {
        const frame = PNG.sync.read(await readFile(join(setup.imagesFolder, name)));
        return [0.4, 0.6].map((part) => colorAt(frame, Math.round(part * frame.width), frame.height * 0.4));
      }),
    );
    expect(sides).toEqual([
      ["black", "red"],
      ["red", "black"],
    ]);
    await expect(
      maya.python(
        `renderjuice_maya.submit(blend=${py(studio.blend)}, caches=["/gone/hero.abc"], frames="1")`,
      ),
    ).rejects.toThrow(/There is no \/gone\/hero\.abc/);
    await expect(
      maya.python(
        `renderjuice_maya.submit(blend=${py(studio.blend)}, caches=[${py(studio.blend)}], frames="1")`,
      ),
    ).rejects.toThrow(/light\.blend is not a cache/);
  });

  test("the color configuration that the studio gives Maya does not change the look of the .blend", async () => {
    await using studio = await setUpStudio();
    const config = studio.path("aces.ocio");
    await writeFile(config, MAYAS_OCIO);
    vi.stubEnv("OCIO", config);
    const scene = await studio
      .prepare({ blend: studio.blend, mode: "re-point", caches: [studio.hero] }, FACTS)
      .finally(() => vi.unstubAllEnvs());
    const [root = ""] = scene.sourcePaths;
    const look = `tell([bpy.context.scene.view_settings.view_transform, bpy.data.images[0].colorspace_settings.name])`;
    expect(await studio.blender(look, join(root, "light.blend"))).toEqual(["Standard", "sRGB"]);
  });

  test("without the packed cache the frame would be another one", async () => {
    await using studio = await setUpStudio();
    const scene = await studio.prepare(
      { blend: studio.blend, mode: "re-point", caches: [studio.hero] },
      FACTS,
    );
    await rm(join(scene.sourcePaths[0] ?? "", "caches"), { recursive: true });
    const [frame] = await studio.render(scene, "1");
    expect(frame && colorAt(frame, 120, 25)).toBe("black");
  });

  /** Two Alembic caches, which Blender can refer to even if it cannot read them. */
  const ALEMBIC = `
Path(FOLDER, "old").mkdir()
for name in ("hero.abc", "set_v003.abc"):
    path = str(Path(FOLDER, "old", name))
    open(path, "w").write("old")
    bpy.ops.cachefile.open(filepath=path)
for name, path in (("hero.abc", "/hero_grp/body/bodyShape"), ("set_v003.abc", "/world/set_grp/wall/wallShape")):
    item = quad(name, -1, 1, -1, 1, bpy.data.materials["red"])
    user = item.modifiers.new("read", "MESH_SEQUENCE_CACHE")
    user.cache_file, user.object_path = bpy.data.cache_files[name], path
bpy.data.cache_files["hero.abc"].scale, bpy.data.cache_files["set_v003.abc"].scale = 0.01, 1
hero.modifiers.clear()
`;

  test("Alembic caches are found by name and by the root on their object paths", async () => {
    await using studio = await setUpStudio(ALEMBIC);
    const caches = await writeCaches(studio.folder, {
      "hero.abc": ["|hero_grp"],
      "walls.abc": ["|sh:set_grp"],
    });
    const scene = await studio.prepare({ blend: studio.blend, mode: "re-point", caches }, FACTS);
    const [root = ""] = scene.sourcePaths;
    expect(await studio.blender(LOOK, join(root, "light.blend"))).toMatchObject({
      caches: ["//caches/hero.abc", "//caches/walls.abc"],
    });
    expect(await readFile(join(root, "caches/hero.abc"), "utf8")).toBe("new hero.abc");
    expect(scene.report.warnings).toEqual([
      expect.stringContaining("hero.abc was not checked, since this Blender was built without Alembic."),
      expect.stringContaining("walls.abc was not checked"),
      expect.stringMatching(
        /^set_v003\.abc is scaled by 1, while 1 cm of Maya is 0\.01 in Blender\. It was not changed/,
      ),
    ]);
  });

  test("what fits twice, or not at all, is left and named; it is packed along", async () => {
    await using studio = await setUpStudio(ALEMBIC);
    const caches = await writeCaches(studio.folder, {
      "hero.abc": ["|hero_grp"],
      "wall_a.abc": ["|set_grp"],
      "wall_b.abc": ["|wall"],
    });
    const scene = await studio.prepare({ blend: studio.blend, mode: "re-point", caches }, FACTS);
    expect(scene.report.warnings).toEqual(
      expect.arrayContaining([
        expect.stringMatching(
          /^set_v003\.abc \(.*\) could read wall_a\.abc or wall_b\.abc: it was not changed\./,
        ),
        "Nothing in the .blend reads wall_a.abc.",
      ]),
    );
    const [root = ""] = scene.sourcePaths;
    const { caches: paths } = (await studio.blender(LOOK, join(root, "light.blend"))) as { caches: string[] };
    expect(paths[1]).toMatch(/^\/\/external\/.*\/old\/set_v003\.abc$/);
    expect(existsSync(join(root, paths[1]?.slice(2) ?? ""))).toBe(true);
  });

  test("if no cache matches, nothing is sent", async () => {
    await using studio = await setUpStudio();
    const caches = await writeCaches(studio.folder, { "other.abc": ["|other"] });
    await expect(
      studio.prepare({ blend: studio.blend, mode: "re-point", caches }, FACTS),
    ).rejects.toMatchObject({
      code: "invalid_option",
      message: "light.blend reads hero.pc2; Maya's caches are other.abc. None of them matches.",
      hint: expect.stringContaining('groups={"hero": ["|hero_grp"]}'),
    });
  });

  test("a camera that the .blend does not have leaves it its own, and is named", async () => {
    await using studio = await setUpStudio();
    const facts = { ...FACTS, cameras: [{ ...MAYA_CAMERA, name: "closeUp" }] };
    const scene = await studio.prepare(
      { blend: studio.blend, mode: "re-point", caches: [studio.hero] },
      facts,
    );
    expect(scene.report.warnings).toEqual([
      "The .blend has no camera closeUp. It renders through Camera, the camera of the .blend.",
    ]);
  });

  test("files that are missing are named", async () => {
    await using studio = await setUpStudio();
    await rm(studio.path("assets"), { recursive: true });
    const scene = await studio.prepare(
      { blend: studio.blend, mode: "re-point", caches: [studio.hero] },
      FACTS,
    );
    expect(scene.report.warnings).toEqual([
      `Missing: ${studio.path("assets", "red.png")}, used by the image "red.png".`,
      `Missing: ${studio.path("assets", "green.png")}, used by the image "green.png" of props.blend.`,
    ]);
    expect((await studio.readReport()).text).toContain("Missing: ");
  });

  test("when the artist cancels, Blender is stopped", async () => {
    await using studio = await setUpStudio();
    const controller = new AbortController();
    const request = { blend: studio.blend, mode: "re-point" as const, caches: [studio.hero] };
    const prepared = studio.prepare(request, FACTS, controller.signal);
    const reason = new DOMException("Canceled in Maya.", "AbortError");
    controller.abort(reason);
    await expect(prepared).rejects.toBe(reason);
  });

  test("a file that is not a .blend is refused in Blender's words", async () => {
    await using studio = await setUpScene();
    const blend = studio.path("light.blend");
    await writeFile(blend, "not a scene");
    await expect(studio.prepare({ blend, mode: "re-point" })).rejects.toMatchObject({
      code: "source_unreadable",
      message: expect.stringMatching(/^Blender 3\.|^Blender \d.* cannot open .*light\.blend/),
      hint: expect.stringContaining("RENDERJUICE_BLENDER"),
    });
  });
});

test("object paths of a new export are matched by their ends", () => {
  const [python] = findPythons("maya");
  const script = `
import json, sys
sys.path.insert(0, ${JSON.stringify(join(import.meta.dirname, "../blender/renderjuice_scene"))})
sys.dont_write_bytecode = True
from object_paths import best_match
print(json.dumps([best_match(wanted, available) for wanted, available in ${JSON.stringify([
    ["/a/hero/heroShape", ["/a/hero/heroShape", "/b/hero/heroShape"]],
    ["/a/hero/heroShape", ["/shot/rig/hero/heroShape", "/shot/set/setShape"]],
    ["/old:hero/old:heroShape", ["/new:hero/new:heroShape"]],
    ["/a/hero/heroShape", ["/x/hero/heroShape", "/y/hero/heroShape"]],
    ["/a/hero/heroShape", ["/x/other/heroShape"]],
    ["/hero", ["/shot/hero"]],
  ])}]))
`;
  const options = { encoding: "utf8", timeout: 60_000 } as const;
  const said = execFileSync(python?.executable ?? "python3", ["-c", script], options);
  expect(JSON.parse(said)).toEqual([
    "/a/hero/heroShape",
    "/shot/rig/hero/heroShape",
    "/new:hero/new:heroShape",
    null,
    null,
    "/shot/hero",
  ]);
});

async function writeCaches(folder: string, roots: Record<string, string[]>) {
  await mkdir(join(folder, "publish"), { recursive: true });
  return Promise.all(
    Object.entries(roots).map(async ([name, nodes]) => {
      const path = join(folder, "publish", name);
      await writeFile(path, `new ${name}`);
      return { name: name.replace(".abc", ""), path, format: "abc" as const, roots: nodes };
    }),
  );
}

async function hashOf(path: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
}

function colorAt({ width, data }: PNG, x: number, y: number): string {
  const [red = 0, green = 0, blue = 0] = data.subarray(4 * (Math.floor(y) * width + x));
  const bright = [red, green, blue].map((value) => value > 128);
  return (
    { "true,false,false": "red", "false,true,false": "green", "false,false,false": "black" }[
      String(bright)
    ] ?? `${red} ${green} ${blue}`
  );
}
