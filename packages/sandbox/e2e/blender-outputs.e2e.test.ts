import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { imageFacts } from "./image-facts.ts";
import { makeScene } from "./make-scene.ts";
import { renderScene } from "./render-scene.ts";
import { blenderOrSkip } from "./with-blender.ts";

const renderer = await blenderOrSkip();

const FILE_OUTPUT = `
def file_output(tree, name, folder, item, file_format="PNG", source="CompositorNodeRLayers"):
    layers = tree.nodes.new(source)
    node = tree.nodes.new("CompositorNodeOutputFile")
    node.name = name
    multilayer = file_format == "OPEN_EXR_MULTILAYER"
    if hasattr(node, "file_output_items"):
        node.format.media_type = "MULTI_LAYER_IMAGE" if multilayer else "IMAGE"
        node.directory = folder
        node.file_output_items.new("RGBA", item)
    else:
        node.base_path = folder
        node.file_slots.clear()
        node.file_slots.new(item)
    node.format.file_format = file_format
    tree.links.new(layers.outputs[0], node.inputs[0])
    return layers, node
`;

const TO_COMPOSITE = `
def to_composite(tree, layers):
    if hasattr(scene, "compositing_node_group"):
        tree.interface.new_socket("Image", in_out="OUTPUT", socket_type="NodeSocketColor")
        composite = tree.nodes.new("NodeGroupOutput")
    else:
        composite = tree.nodes.new("CompositorNodeComposite")
    tree.links.new(layers.outputs["Image"], composite.inputs[0])
`;

describe.runIf(renderer)("outputs of real Blender", () => {
  if (!renderer) return;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "blender-outputs-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("holds File Output nodes inside the job's folder and names the node", async () => {
    const path = await makeScene(
      renderer,
      folder,
      "compositor",
      `${FILE_OUTPUT}${TO_COMPOSITE}
tree = compositor()
layers, _ = file_output(tree, "Beauty: pass", "/tmp/escaped/", "../../evil_")
to_composite(tree, layers)`,
    );
    const { files, outputDir } = await renderScene(renderer, path, { frames: [1, 2] });
    const outputs = files.filter((file) => file.kind === "compositeNode");
    expect(outputs.map((file) => file.compositeNodeName)).toEqual(["Beauty: pass", "Beauty: pass"]);
    expect(outputs.map((file) => file.frame)).toEqual([1, 2]);
    for (const { relativePath } of outputs) {
      expect(relativePath).toMatch(/^compositor\/Beauty_ pass\/[^/]*evil_\d+\.png$/);
      expect(await imageFacts(join(outputDir, relativePath))).toMatchObject({ width: 32, height: 18 });
    }
    expect(files.filter((file) => file.kind === "frame")).toHaveLength(2);
  });

  it("collects multi-layer EXR files of File Output nodes", async () => {
    const path = await makeScene(
      renderer,
      folder,
      "layers",
      `${FILE_OUTPUT}${TO_COMPOSITE}
tree = compositor()
layers, _ = file_output(tree, "Layers", "//renders/layers_", "Image", "OPEN_EXR_MULTILAYER")
to_composite(tree, layers)`,
    );
    const { files, outputDir } = await renderScene(renderer, path, { frames: [7, 8] });
    const [output, next] = files.filter((file) => file.kind === "compositeNode");
    expect(output).toMatchObject({ compositeNodeName: "Layers", frame: 7 });
    expect(next?.relativePath).not.toBe(output?.relativePath);
    expect(await imageFacts(join(outputDir, output?.relativePath ?? ""))).toMatchObject({ format: "EXR" });
  });

  it("finds File Output nodes inside node groups", async () => {
    const path = await makeScene(
      renderer,
      folder,
      "grouped",
      `${FILE_OUTPUT}${TO_COMPOSITE}
tree = compositor()
group = bpy.data.node_groups.new("Group", "CompositorNodeTree")
file_output(group, "Deep", "/tmp/escaped/", "deep_", source="CompositorNodeRGB")
tree.nodes.new("CompositorNodeGroup").node_tree = group
layers = tree.nodes.new("CompositorNodeRLayers")
to_composite(tree, layers)`,
    );
    const { files } = await renderScene(renderer, path);
    for (const file of files.filter((candidate) => candidate.kind === "compositeNode")) {
      expect(file).toMatchObject({ compositeNodeName: "Deep" });
      expect(file.relativePath).toMatch(/^compositor\/Deep\//);
    }
  });

  it("reports every view of a stereo scene", async () => {
    const path = await makeScene(
      renderer,
      folder,
      "stereo",
      `scene.render.use_multiview = True
scene.render.views_format = "STEREO_3D"
scene.render.image_settings.views_format = "INDIVIDUAL"`,
    );
    const { analysis, files } = await renderScene(renderer, path, { frames: [4] });
    expect(analysis.views).toEqual(["left", "right"]);
    expect(files.filter((file) => file.kind === "frame")).toEqual([
      { kind: "frame", relativePath: "stereo_0004_L.png", frame: 4, view: "left" },
      { kind: "frame", relativePath: "stereo_0004_R.png", frame: 4, view: "right" },
    ]);
  });

  it.each(["STEREO_3D", "MULTIVIEW"])(
    "makes a preview of one view of %s, without a warning",
    async (views) => {
      const python = `scene.render.use_multiview = True\nscene.render.views_format = "${views}"\n`;
      const path = await makeScene(renderer, folder, `views-${views}`, python);
      const { files, outputDir, warnings } = await renderScene(renderer, path);
      expect(warnings).toEqual([]);
      expect(files.filter(({ kind }) => kind === "preview")).toHaveLength(1);
      expect(await imageFacts(join(outputDir, "preview.png"))).toMatchObject({ width: 32, height: 18 });
    },
  );

  it("makes a small preview of the middle frame", async () => {
    const path = await makeScene(renderer, folder, "large", "scene.render.resolution_x = 1200");
    const { files, outputDir } = await renderScene(renderer, path, {
      frames: [1, 2, 3],
      config: { outputFormat: "OPEN_EXR" },
    });
    expect(files.filter((file) => file.kind === "preview")).toEqual([
      { kind: "preview", relativePath: "preview.png", frame: 2 },
    ]);
    expect(await imageFacts(join(outputDir, "preview.png"))).toMatchObject({
      format: "PNG",
      width: 480,
      bitDepth: 8,
    });
  });
});
