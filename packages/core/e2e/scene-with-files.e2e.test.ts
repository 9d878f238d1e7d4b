import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSandbox, findBlender } from "@renderjuice/sandbox";
import { PNG } from "pngjs";
import { expect, test } from "vitest";
import { hasBlender } from "../../../hosts/lib/test-programs.ts";
import { createNodeClient } from "../src/node/index.ts";

/** A shot that links a library that links a library, with a UDIM set and an image sequence, all beside each other. */
const MAKE_PROJECT = `
import bpy, math, os, sys
root = sys.argv[-1]

def save(path):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    bpy.ops.wm.save_as_mainfile(filepath=path, relative_remap=False)

def picture(path, color):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    image = bpy.data.images.new("picture", 4, 4)
    image.pixels = list(color) * 16
    image.filepath_raw, image.file_format = path, "PNG"
    image.save()
    bpy.data.images.remove(image)

def glow(name, path, source):
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    nodes, links = material.node_tree.nodes, material.node_tree.links
    nodes.clear()
    texture = nodes.new("ShaderNodeTexImage")
    image = bpy.data.images.new(name, 4, 4)
    image.source, image.filepath = source, path
    texture.image = image
    if source == "SEQUENCE":
        texture.image_user.frame_duration = 3
    emission, output = nodes.new("ShaderNodeEmission"), nodes.new("ShaderNodeOutputMaterial")
    links.new(texture.outputs["Color"], emission.inputs["Color"])
    links.new(emission.outputs[0], output.inputs["Surface"])
    return material

def plane(material, x):
    bpy.ops.mesh.primitive_plane_add(location=(x, 0, 0))
    bpy.context.object.data.materials.append(material)
    return bpy.context.object

def empty():
    bpy.ops.wm.read_factory_settings(use_empty=True)

empty()
picture(root + "/lib/parts/tex/eye.png", (0.1, 0.7, 0.9, 1))
picture(root + "/tex/skin.1001.png", (0.9, 0.2, 0.1, 1))
picture(root + "/tex/skin.1002.png", (0.2, 0.9, 0.1, 1))
for frame, red in ((1, 0.2), (2, 0.5), (3, 0.8)):
    picture(root + f"/plates/plate_{frame:04}.png", (red, 0.5, 0.5, 1))
eye = glow("Eye", "//tex/eye.png", "FILE")
eye.use_fake_user = True
save(root + "/lib/parts/eye.blend")

empty()
with bpy.data.libraries.load(root + "/lib/parts/eye.blend", link=True, relative=False) as (there, here):
    here.materials = ["Eye"]
head = plane(bpy.data.materials["Eye"], 0)
head.name = "Head"
bpy.data.libraries[0].filepath = "//parts/eye.blend"
save(root + "/lib/hero.blend")

empty()
with bpy.data.libraries.load(root + "/lib/hero.blend", link=True, relative=False) as (there, here):
    here.objects = ["Head"]
scene = bpy.context.scene
scene.collection.objects.link(bpy.data.objects["Head"])
plane(glow("Skin", "//../tex/skin.<UDIM>.png", "TILED"), -2.2)
plane(glow("Plate", "//../plates/plate_0001.png", "SEQUENCE"), 2.2)
bpy.ops.object.camera_add(location=(0, 0, 9))
scene.camera = bpy.context.object
for library in bpy.data.libraries:
    library.filepath = "//../lib/hero.blend" if "hero" in library.filepath else "//../lib/parts/eye.blend"
scene.render.engine = "CYCLES"
scene.cycles.samples, scene.cycles.use_denoising, scene.cycles.seed = 1, False, 7
scene.render.resolution_x, scene.render.resolution_y, scene.render.resolution_percentage = 64, 36, 100
scene.frame_start, scene.frame_end = 2, 2
save(root + "/shots/sh010.blend")
`;

async function runBlender(...args: string[]) {
  const { executable } = await findBlender();
  const env = { ...process.env, CYCLES_OPENCL_TEST: "NONE" };
  execFileSync(executable, ["--background", "--factory-startup", "--python-exit-code", "1", ...args], {
    env,
    stdio: ["ignore", "ignore", "inherit"],
    timeout: 180_000,
  });
}

const pixelsOf = async (path: string) => PNG.sync.read(await readFile(path)).data;

test.runIf(await hasBlender())(
  "a scene brings its files along: on the farm it renders as it does here",
  { timeout: 300_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "renderjuice-files-"));
    try {
      const project = join(folder, "project");
      await runBlender("--python-expr", MAKE_PROJECT, "--", project);
      const shot = join(project, "shots/sh010.blend");
      await runBlender(shot, "--render-output", join(folder, "here_####"), "--render-frame", "2");

      await using sandbox = await createSandbox({ renderer: "blender" });
      await using client = createNodeClient({
        apiKey: sandbox.apiKeys[0],
        baseUrl: sandbox.url,
        configFile: join(folder, "none"),
      });
      const started = await client.submit(shot, { requireComplete: true, until: "validated" });
      // What the farm renders can only come out of the upload.
      await rename(project, join(folder, "away"));
      const { downloads } = await client.submit(
        { jobId: started.job.id },
        { frames: "2", requireComplete: true, download: { outDir: join(folder, "there") } },
      );
      const [frame] = downloads?.files ?? [];
      const colors = new Uint32Array((await pixelsOf(frame?.path ?? "")).buffer.slice(0));
      expect(new Set(colors).size).toBeGreaterThan(3);
      expect(await pixelsOf(frame?.path ?? "")).toEqual(await pixelsOf(join(folder, "here_0002.png")));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
);
