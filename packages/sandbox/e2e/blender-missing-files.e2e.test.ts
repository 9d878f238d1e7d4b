import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeScene } from "./make-scene.ts";
import { analyzeInput } from "./render-scene.ts";
import { blenderOrSkip } from "./with-blender.ts";

const renderer = await blenderOrSkip();

/** Helpers for scenes. `FOLDER` is where the scene will lie; files written below it are sent along. */
const HELPERS = `
FOLDER = "{folder}"
def png(*names):
    for name in names:
        image = bpy.data.images.new("tmp", 1, 1)
        image.filepath_raw, image.file_format = f"{FOLDER}/{name}", "PNG"
        os.makedirs(os.path.dirname(image.filepath_raw), exist_ok=True)
        image.save()
        bpy.data.images.remove(image)
def empty(*names):
    for name in names:
        os.makedirs(os.path.dirname(f"{FOLDER}/{name}"), exist_ok=True)
        open(f"{FOLDER}/{name}", "wb").close()
def material(image):
    material = bpy.data.materials.new("m")
    material.use_nodes = True
    node = material.node_tree.nodes.new("ShaderNodeTexImage")
    node.image = image
    cube.data.materials.append(material)
    return node
def sequence(path, **settings):
    image = bpy.data.images.new("sequence", 1, 1)
    image.source, image.filepath = "SEQUENCE", path
    user = material(image).image_user
    for name, value in settings.items(): setattr(user, name, value)
    return image
scene.frame_start, scene.frame_end = 1, 6
`;

const NUMBERED = "png(*(f'tex/seq_{n:04d}.png' for n in (1, 2, 5)))";

describe.runIf(renderer)("files that a scene misses", () => {
  if (!renderer) return;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "blender-missing-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  let count = 0;
  async function missingOf(python: string): Promise<readonly string[]> {
    count += 1;
    const place = join(folder, `scene-${count}`);
    await mkdir(place);
    const scene = await makeScene(
      renderer as NonNullable<typeof renderer>,
      place,
      "shot",
      `${HELPERS.replace("{folder}", place)}\n${python}`,
    );
    const { missingFiles } = await (renderer as NonNullable<typeof renderer>).analyze(analyzeInput(scene));
    // Some versions of Blender turn back-slashes round when they read a scene, some do not.
    return missingFiles.map((path) => path.replaceAll("\\", "/"));
  }

  test.each([
    [
      "frames of an image sequence, as far as they are rendered",
      `${NUMBERED}\nsequence("//tex/seq_0001.png", frame_duration=100)`,
      ["//tex/seq_0003.png", "//tex/seq_0004.png", "//tex/seq_0006.png"],
    ],
    [
      "with its offset, start and length",
      `${NUMBERED}\nsequence("//tex/seq_0001.png", frame_duration=3, frame_start=4, frame_offset=1)`,
      ["//tex/seq_0003.png", "//tex/seq_0004.png"],
    ],
    [
      "and its cycle",
      `${NUMBERED}\nsequence("//tex/seq_0001.png", frame_duration=3, use_cyclic=True)`,
      ["//tex/seq_0003.png"],
    ],
    [
      "in steps",
      `${NUMBERED}\nscene.frame_step = 2\nsequence("//tex/seq_0001.png", frame_duration=100)`,
      ["//tex/seq_0003.png"],
    ],
    [
      "none, when those that are rendered are there",
      `${NUMBERED}\nscene.frame_end = 2\nsequence("//tex/seq_0001.png", frame_duration=100)`,
      [],
    ],
    [
      "a whole sequence, named once",
      'sequence("//tex/gone_0001.png", frame_duration=100)',
      ["//tex/gone_0001.png"],
    ],
    [
      "as Windows writes paths",
      `${NUMBERED}\nsequence("//tex\\\\seq_0001.png", frame_duration=3)`,
      ["//tex/seq_0003.png"],
    ],
    [
      "on another machine's drive",
      'sequence("C:\\\\shots\\\\seq_0001.png", frame_duration=3)',
      ["C:/shots/seq_0001.png"],
    ],
    [
      "of the compositor",
      `${NUMBERED}
image = bpy.data.images.new("sequence", 1, 1)
image.source, image.filepath = "SEQUENCE", "//tex/seq_0001.png"
node = compositor().nodes.new("CompositorNodeImage")
node.image, node.frame_duration = image, 3`,
      ["//tex/seq_0003.png"],
    ],
    [
      "tiles of a UDIM set",
      `
png("tex/u.1001.png", "tex/u.1012.png")
image = bpy.data.images.new("tiles", 1, 1, tiled=True)
image.source, image.filepath = "TILED", "//tex/u.<UDIM>.png"
for number in (1002, 1012): image.tiles.new(number)
material(image)`,
      ["//tex/u.1002.png"],
    ],
    [
      "tiles that are counted in two directions",
      `
png("tex/u1_v1.png")
image = bpy.data.images.new("tiles", 1, 1, tiled=True)
image.source, image.filepath = "TILED", "//tex/<UVTILE>.png"
image.tiles.new(1012)
material(image)`,
      ["//tex/u2_v2.png"],
    ],
    [
      "images of a movie clip",
      `
png(*(f"clip/{n:03d}.png" for n in (10, 11, 12, 13, 14)))
bpy.ops.wm.save_as_mainfile(filepath=FOLDER + "/shot.blend")
clip = bpy.data.movieclips.load("//clip/010.png")
tree = compositor()
tree.nodes.new("CompositorNodeMovieClip").clip = clip
os.remove(FOLDER + "/clip/012.png")`,
      ["//clip/012.png"],
    ],
    [
      "volumes of a sequence",
      `
empty("vdb/smoke_0101.vdb", "vdb/smoke_0103.vdb")
volume = bpy.data.volumes.new("smoke")
volume.filepath, volume.is_sequence = "//vdb/smoke_0101.vdb", True
volume.frame_duration, volume.frame_offset, volume.sequence_mode = 3, 100, "REPEAT"
scene.collection.objects.link(bpy.data.objects.new("smoke", volume))`,
      ["//vdb/smoke_0102.vdb"],
    ],
    [
      "images of a strip, as far as they are shown",
      `
png(*(f"strip/{n:02d}.png" for n in range(1, 11)))
editor = scene.sequence_editor_create() or scene.sequence_editor
strips = editor.strips if hasattr(editor, "strips") else editor.sequences
strip = strips.new_image("s", FOLDER + "/strip/01.png", 1, 1)
for n in range(2, 11): strip.elements.append(f"{n:02d}.png")
strip.directory = "//strip/"
os.remove(FOLDER + "/strip/04.png"); os.remove(FOLDER + "/strip/09.png")`,
      ["//strip/04.png"],
    ],
    [
      "sounds, fonts and libraries",
      `
empty("s.wav")
editor = scene.sequence_editor_create() or scene.sequence_editor
strips = editor.strips if hasattr(editor, "strips") else editor.sequences
strips.new_sound("s", "//s.wav", 1, 1)
os.remove(FOLDER + "/s.wav")`,
      ["//s.wav"],
    ],
    [
      "a simulation that was baked to disk",
      `
modifier = cube.modifiers.new("f", "FLUID")
modifier.fluid_type = "DOMAIN"
modifier.domain_settings.cache_type = "ALL"
modifier.domain_settings.cache_directory = "//fluid"`,
      ["//fluid"],
    ],
    [
      "frames of such a simulation",
      `
modifier = cube.modifiers.new("f", "FLUID")
modifier.fluid_type = "DOMAIN"
modifier.domain_settings.cache_type = "ALL"
modifier.domain_settings.cache_directory = "//fluid"
modifier.domain_settings.cache_frame_end = 3
empty("fluid/data/fluid_data_0001.vdb", "fluid/data/fluid_data_0003.vdb")`,
      ["//fluid/data/fluid_data_0002.vdb"],
    ],
    [
      "not a simulation that is made while it plays",
      `
modifier = cube.modifiers.new("f", "FLUID")
modifier.fluid_type = "DOMAIN"
modifier.domain_settings.cache_type = "REPLAY"
modifier.domain_settings.resolution_max = 8
modifier.domain_settings.cache_directory = "//fluid"`,
      [],
    ],
    [
      "not what is packed",
      `
png("packed.png")
image = bpy.data.images.load(FOLDER + "/packed.png")
image.pack()
material(image)
os.remove(FOLDER + "/packed.png")`,
      [],
    ],
    [
      "not the file that a text of the scene came from",
      `text = bpy.data.texts.new("notes")\ntext.filepath = "//notes.py"`,
      [],
    ],
  ])("%s", async (_what, python, expected) => {
    expect(await missingOf(python)).toEqual(expected);
  });

  test("a library of a library", async () => {
    const collection = "each = bpy.data.collections.new('All')\nscene.collection.children.link(each)\n";
    const link = (name: string) => `
bpy.ops.wm.save_as_mainfile(filepath="{folder}/tmp.blend")
with bpy.data.libraries.load("//${name}.blend", link=True, relative=True) as (theirs, ours):
    ours.collections = ["All"]
each.children.link(ours.collections[0])`;
    const place = join(folder, "libraries");
    await mkdir(place);
    const make = (name: string, python: string) =>
      makeScene(renderer, place, name, python.replaceAll("{folder}", place));
    await make("deep", `${collection}each.objects.link(cube)`);
    await make("props", collection + link("deep"));
    const scene = await make("shot", collection + link("props"));
    expect((await renderer.analyze(analyzeInput(scene))).missingFiles).toEqual([]);
    await rm(join(place, "deep.blend"));
    expect((await renderer.analyze(analyzeInput(scene))).missingFiles).toEqual(["//deep.blend"]);
    await rm(join(place, "props.blend"));
    expect((await renderer.analyze(analyzeInput(scene))).missingFiles).toContain("//props.blend");
  });
});
