import { execFile } from "node:child_process";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { BlenderRenderer } from "../src/renderers/blender/index.ts";

/** A cube, a sun and a camera; 32 x 18 pixels, one sample, frames 1 to 3. */
const TINY_SCENE = `
import bpy, math, sys, os
bpy.ops.wm.read_factory_settings(use_empty=True)
scene = bpy.context.scene
bpy.ops.mesh.primitive_cube_add()
cube = bpy.context.object
bpy.ops.object.light_add(type="SUN", rotation=(0.6, 0.3, 0))
bpy.ops.object.camera_add(location=(0, -6, 3), rotation=(math.radians(64), 0, 0))
scene.camera = bpy.context.object
scene.frame_start, scene.frame_end = 1, 3
scene.render.engine = "CYCLES"
scene.cycles.samples = 1
scene.cycles.use_denoising = False
scene.render.resolution_x, scene.render.resolution_y, scene.render.resolution_percentage = 32, 18, 100

def compositor():
    if hasattr(scene, "compositing_node_group"):
        tree = bpy.data.node_groups.new("Compositor", "CompositorNodeTree")
        scene.compositing_node_group = tree
    else:
        scene.use_nodes = True
        tree = scene.node_tree
        tree.nodes.clear()
    return tree
`;

/** Saves a tiny scene as \`folder/name.blend\` after running \`python\` on it, where \`scene\` and \`cube\` are at hand. */
export async function makeScene(
  renderer: BlenderRenderer,
  folder: string,
  name: string,
  python = "",
): Promise<string> {
  // As the sandbox does: Blender may render as another user.
  await chmod(folder, 0o755);
  const path = join(folder, `${name}.blend`);
  const script = join(folder, `${name}.py`);
  await writeFile(
    script,
    `${TINY_SCENE}\n${python}\nbpy.ops.wm.save_as_mainfile(filepath=${JSON.stringify(path)}, relative_remap=False)\n`,
  );
  await promisify(execFile)(renderer.blender.executable, [
    "--background",
    "--factory-startup",
    "--python-exit-code",
    "1",
    "--python",
    script,
  ]);
  return path;
}
