import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createBlenderRenderer } from "../src/renderers/blender/index.ts";
import { makeScene } from "./make-scene.ts";
import { analyzeInput, renderScene } from "./render-scene.ts";
import { blenderOrSkip } from "./with-blender.ts";

const renderer = await blenderOrSkip();
/** Takes minutes. */
const HEAVY = `
scene.cycles.samples = 100000
scene.cycles.use_adaptive_sampling = False
scene.render.resolution_x, scene.render.resolution_y = 2000, 1000
`;

describe.runIf(renderer)("a scene in real Blender", () => {
  if (!renderer) return;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "blender-scenes-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** Why a scene cannot be rendered. */
  async function failureOf(scenePath: string): Promise<unknown> {
    return renderScene(renderer as NonNullable<typeof renderer>, scenePath).then(
      () => "rendered",
      (error) => ({ type: error.type, message: error.message }),
    );
  }

  describe("is analyzed", () => {
    it("with its engine, range, size, rate, cameras and samples", async () => {
      const scene = await makeScene(
        renderer,
        folder,
        "facts",
        `
scene.frame_start, scene.frame_end, scene.frame_step = 5, 25, 5
scene.render.fps, scene.render.fps_base = 30, 1.001
scene.render.resolution_x, scene.render.resolution_y, scene.render.resolution_percentage = 1998, 1080, 50
scene.cycles.samples = 77
bpy.ops.object.camera_add()
bpy.context.object.name = "Close-up"
`,
      );
      const analysis = await renderer.analyze(analyzeInput(scene));
      expect(analysis).toMatchObject({
        ...{ renderEngine: "CYCLES", frameStart: 5, frameEnd: 25, frameStep: 5, sampleCount: 77 },
        ...{ resolution: [1998, 1080], resolutionPercentage: 50, outputFormat: "PNG" },
        activeCamera: "Camera",
        missingFiles: [],
      });
      expect(analysis.fps).toBeCloseTo(29.97, 2);
      expect([...analysis.cameras].sort()).toEqual(["Camera", "Close-up"]);
      expect(analysis.blenderVersion).toMatch(/^\d+\.\d+\.\d+/);
    });

    it("with the files that it misses", async () => {
      const scene = await makeScene(
        renderer,
        folder,
        "missing",
        `
image = bpy.data.images.new("wood", 1, 1)
image.source = "FILE"
image.filepath = "//textures/wood.png"
material = bpy.data.materials.new("wood")
material.use_nodes = True
material.node_tree.nodes.new("ShaderNodeTexImage").image = image
cube.data.materials.append(material)
`,
      );
      const { missingFiles } = await renderer.analyze(analyzeInput(scene));
      expect(missingFiles).toEqual([expect.stringContaining("wood.png")]);
    });
  });

  describe("fails with a reason that a person understands", () => {
    it("without a camera", async () => {
      const scene = await makeScene(renderer, folder, "blind", "bpy.data.objects.remove(scene.camera)");
      expect(await failureOf(scene)).toEqual({
        type: "missing_camera",
        message: expect.stringMatching(/camera/),
      });
    });

    it("when it is not a scene", async () => {
      const path = join(folder, "noise.blend");
      await writeFile(path, Buffer.alloc(4000, 7));
      expect(await failureOf(path)).toMatchObject({ type: "scene_unreadable" });
    });

    it("when it takes longer than a frame may take", async () => {
      const scene = await makeScene(renderer, folder, "slow", HEAVY);
      const impatient = await createBlenderRenderer({ limits: { frameMs: 6000 } });
      await expect(renderScene(impatient, scene)).rejects.toMatchObject({
        type: "time_limit",
        message: expect.stringContaining("rendered frame 1"),
      });
    });

    it("when it needs more memory than it may have", async () => {
      const scene = await makeScene(
        renderer,
        folder,
        "greedy",
        "modifier = cube.modifiers.new('s', 'SUBSURF')\nmodifier.levels = modifier.render_levels = 10",
      );
      const poor = await createBlenderRenderer({ limits: { memoryBytes: 500 * 1024 ** 2 } });
      await expect(renderScene(poor, scene)).rejects.toMatchObject({ type: "out_of_memory" });
    });
  });

  describe("is not trusted", () => {
    it("its scripts do not run", async () => {
      const trace = join(folder, "script-ran");
      const scene = await makeScene(
        renderer,
        folder,
        "hostile",
        `
text = bpy.data.texts.new("startup.py")
text.write("open('${trace}', 'w').close()")
text.use_module = True
driver = cube.driver_add("location", 0).driver
driver.expression = "open('${trace}', 'w') and 0"
`,
      );
      await rm(trace, { force: true });
      await renderScene(renderer, scene);
      await expect(stat(trace)).rejects.toMatchObject({ code: "ENOENT" });
    });
  });

  it("is let go at once when its job is canceled, and leaves no half frame", async () => {
    const scene = await makeScene(
      renderer,
      folder,
      "long",
      "scene.cycles.samples = 64\nscene.cycles.use_adaptive_sampling = False\nscene.render.resolution_x, scene.render.resolution_y = 400, 300",
    );
    const stop = new AbortController();
    const rendering = renderScene(renderer, scene, {
      frames: [1, 2, 3, 4, 5, 6, 7, 8],
      signal: stop.signal,
      onFrame: () => stop.abort(new Error("canceled")),
    });
    await expect(rendering).rejects.toThrow("canceled");
    const names = await readdir(`${scene}-output`);
    expect(names.filter((name) => name.endsWith(".png"))).toEqual(["long_0001.png"]);
    await expect(stat(`${scene}-work`)).rejects.toMatchObject({ code: "ENOENT" });
  });
});
