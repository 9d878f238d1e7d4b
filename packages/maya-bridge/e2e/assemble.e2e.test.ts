import { readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { PNG } from "pngjs";
import { describe, expect, test } from "vitest";
import { hasBlender } from "../../../hosts/lib/test-programs.ts";
import type { JobRequest } from "../src/job/job-request.ts";
import { type LossReport, lossReportSchema } from "../src/scene/loss/loss-report.ts";
import { cube, curve, makeFbx, object, properties } from "../test/fbx.fixture.ts";
import { mayaSamples, setUpScene } from "./prepared-scene.ts";

const samples = mayaSamples();
const moreSamples = mayaSamples("maya-fbx-more");
const FACTS: Partial<JobRequest["facts"]> = {
  scene: "C:\\juice\\scenes\\sh010.ma",
  resolution: { width: 160, height: 90, pixelAspect: 1 },
};

describe.runIf(await hasBlender())("assemble", () => {
  type Setup = Awaited<ReturnType<typeof setUpScene>>;

  function requestFor(format: NonNullable<JobRequest["assemble"]>, ...paths: string[]): Partial<JobRequest> {
    const caches = paths.map((path) => ({
      name: basename(path).replace(/\W/g, "_"),
      path,
      format,
      roots: [],
    }));
    return { assemble: format, acceptLoss: true, caches };
  }

  async function lossOf(setup: Setup): Promise<LossReport> {
    return lossReportSchema.parse((await setup.readReport()).json.loss);
  }

  const subjectsOf = (report: LossReport, id: string) =>
    report.losses.find((loss) => loss.id === id)?.subjects;

  describe.runIf(samples)("FBX files that Maya has written", () => {
    const sample = (name: string) => join(samples ?? "", `maya_${name}_binary.fbx`);

    test("each is assembled, or refused for its own reason", async () => {
      const outcomes: Record<string, unknown> = {};
      for (const name of (await readdir(samples ?? "")).sort()) {
        await using setup = await setUpScene();
        outcomes[name.replace(/^maya_|_\d+_binary\.fbx$/g, "")] = await setup
          .prepare(requestFor("fbx", join(samples ?? "", name)), FACTS)
          .then(
            ({ report }) => report.packed,
            ({ code, message }) => [code, message],
          );
      }
      expect(outcomes).toEqual({
        arnold_textures: ["sh010.blend"],
        audio: [
          "source_unreadable",
          expect.stringMatching(/^maya_audio_7500_binary\.fbx contains sound\. Blender /),
        ],
        blend_inbetween: ["source_unreadable", expect.stringContaining("has blend shapes with in-betweens.")],
        camera_light_axes_y_up: ["sh010.blend"],
        character: ["sh010.blend"],
        material_chart: ["sh010.blend"],
        textured_cube: ["sh010.blend"],
        transform_animation: ["sh010.blend"],
      });
    });

    test("a Phong cube: its textures are seen, and those that are not are named", async () => {
      await using setup = await setUpScene();
      const scene = await setup.prepare(requestFor("fbx", sample("textured_cube_7500")), FACTS);
      const loss = await lossOf(setup);
      expect(loss.materials).toEqual([
        {
          name: "phong1",
          mayaType: "phong",
          shader: "ShaderNodeBsdfPrincipled",
          textures: expect.arrayContaining([
            "Base Color: checkerboard_diffuse.png",
            expect.stringMatching(/^Emission.*: checkerboard_emissive\.png$/),
          ]),
          lost: ["AmbientColor: checkerboard_ambient.png", "TransparentColor: checkerboard_transparency.png"],
        },
      ]);
      expect(subjectsOf(loss, "texture-unused")?.sort()).toEqual([
        "checkerboard_ambient.png",
        "checkerboard_transparency.png",
      ]);
      expect(loss.losses.map(({ id }) => id)).toEqual(expect.arrayContaining(["no-camera", "no-light"]));
      const [frame] = await setup.render(scene, "1");
      if (!frame) throw new Error("One frame was asked for.");
      // The stand-in camera sees the cube with a margin; the checkers are dark and bright green.
      expect(isGrey(pixelAt(frame, 4, 4)) && isGrey(pixelAt(frame, 155, 85))).toBe(true);
      expect(brightnesses(frame, (pixel) => !isGrey(pixel)).size).toBeGreaterThan(3);
    });

    test("the material chart: what is white in the frame is what the report calls lost", async () => {
      await using setup = await setUpScene();
      const facts = { ...FACTS, resolution: { width: 480, height: 270, pixelAspect: 1 } };
      const scene = await setup.prepare(requestFor("fbx", sample("material_chart_7700")), facts);
      const loss = await lossOf(setup);
      expect(loss.objects).toEqual({ CAMERA: 1, LIGHT: 1, MESH: 12 });
      expect(loss.materials.filter(({ lost }) => lost.length > 0).map(({ name }) => name)).toEqual([
        "Standard_BaseColorMaterial",
        "Standard_BaseFactorMaterial",
        "Standard_BaseTextureFactorMaterial",
        "Standard_BaseTextureMaterial",
        "Standard_EmissiveColorMaterial",
        "Standard_EmissiveTextureMaterial",
      ]);
      expect(subjectsOf(loss, "material-weight")).toEqual([
        "FBX_DiffuseFactorMaterial: 0.5",
        "FBX_DiffuseTextureFactorMaterial: 0.5",
      ]);
      expect(subjectsOf(loss, "camera-projection")).toEqual(["camera1"]);
      expect(subjectsOf(loss, "light-energy")).toEqual(["directionalLight1: 3.142 W/m²"]);
      const [frame] = await setup.render(scene, "1");
      if (!frame) throw new Error("One frame was asked for.");
      // Columns of Lambert and Phong are blue, those of the standard surface have lost that.
      const columns = [204, 228, 252, 276].map((x) => pixelAt(frame, x, 135));
      expect(columns.map(isGrey)).toEqual([false, true, false, true]);
    });

    test("cameras and lights look where they look in Maya", async () => {
      await using setup = await setUpScene();
      const scene = await setup.prepare(requestFor("fbx", sample("camera_light_axes_y_up_7700")), FACTS);
      expect(subjectsOf(await lossOf(setup), "no-geometry")).toEqual([]);
      // Both look along -Z in Maya, which is +Y in Blender.
      const directions = await setup.blender(
        "tell({item.type: [round(-axis, 3) + 0 for axis in item.matrix_world.to_3x3().normalized().col[2]] for item in bpy.data.objects})",
        join(scene.sourcePaths[0] ?? "", "sh010.blend"),
      );
      expect(directions).toEqual({ CAMERA: [0, 1, 0], LIGHT: [0, 1, 0] });
      const [frame] = await setup.render(scene, "1");
      expect(frame && brightnesses(frame, () => true)).toEqual(new Set([0]));
    });

    test("a character without skin shows nothing, and the report says so", async () => {
      await using setup = await setUpScene();
      await setup.prepare(requestFor("fbx", sample("character_7500")), FACTS);
      const loss = await lossOf(setup);
      expect(loss.objects).toEqual({ ARMATURE: 1 });
      expect(subjectsOf(loss, "constraints")).toEqual(["Character1 (Character)"]);
      expect(loss.losses.map(({ id }) => id)).toContain("no-geometry");
    });

    test("an Arnold material comes in white, and all that it had is listed", async () => {
      await using setup = await setUpScene();
      await setup.prepare(requestFor("fbx", sample("arnold_textures_7500")), FACTS);
      const [material] = (await lossOf(setup)).materials;
      expect(material).toMatchObject({ mayaType: "Arnold or standard surface", textures: [] });
      expect(material?.lost).toEqual([
        "baseColor: checkerboard_diffuse.png",
        "diffuseRoughness: checkerboard_roughness.png",
        "specularColor: checkerboard_specular.png",
        "specularRoughness: checkerboard_roughness.png",
        "metalness: checkerboard_metallic.png",
        "coat: 1",
      ]);
    });

    test("frame 1 of Maya is frame 1 of Blender", async () => {
      await using setup = await setUpScene();
      await setup.prepare(requestFor("fbx", sample("transform_animation_7500")), FACTS);
      expect((await lossOf(setup)).animation).toEqual({ start: 1, end: 24 });
    });

    test("several exports make one scene: the camera of one sees the cube of the other", async () => {
      await using setup = await setUpScene();
      const files = [sample("textured_cube_7500"), sample("camera_light_axes_y_up_7700")];
      await setup.prepare(requestFor("fbx", ...files), FACTS);
      const loss = await lossOf(setup);
      expect(loss.objects).toEqual({ CAMERA: 1, LIGHT: 1, MESH: 1 });
      expect(loss.losses.map(({ id }) => id)).not.toContain("no-camera");
    });

    test("what is lost has to be accepted before anything is sent", async () => {
      await using setup = await setUpScene();
      const request = { ...requestFor("fbx", sample("arnold_textures_7500")), acceptLoss: false };
      const dependencies: JobRequest["dependencies"] = [
        {
          kind: "texture",
          node: "file9",
          attribute: "fileTextureName",
          files: [],
          isMissing: true,
          path: "/juice/sourceimages/dirt.png",
          why: "Materials stay in Maya.",
        },
      ];
      await expect(setup.prepare({ ...request, dependencies }, FACTS)).rejects.toMatchObject({
        code: "invalid_option",
        option: "accept_loss",
        message: expect.stringMatching(/^Nothing was uploaded: .*Materials were imported without .* \(1\)\./),
        hint: expect.stringContaining(setup.path("job", "report.txt")),
      });
      const { text } = await setup.readReport();
      expect(text).toContain("baseColor: checkerboard_diffuse.png");
      expect(text).toContain("- /juice/sourceimages/dirt.png (file9)");
    });
  });

  describe.runIf(moreSamples)(
    "FBX files that Maya has written, with what is hidden and what does not cross",
    () => {
      const more = (name: string) => join(moreSamples ?? "", `maya_${name}_binary.fbx`);
      const ALWAYS = ["no-camera", "no-light", "material-weight", "material-approximated"];

      test.each([
        ["cube_hidden_7500", "pCube1", ["no-geometry", "no-animation", ...ALWAYS]],
        ["lod_group_7500", "pCone1", ["lod-groups", "no-animation", ...ALWAYS]],
        ["slime_7500", "Slime_002:Slime_Body_high", ["scale-inheritance", "curves", ...ALWAYS]],
        [
          "extrapolate_cube_7700",
          undefined,
          ["no-camera", "no-light", "material-inputs", "key-interpolation", "key-infinity"],
        ],
        [
          "node_attribute_zoo_7500",
          undefined,
          [
            ...["stereo-cameras", "surfaces", "lod-groups", "key-interpolation", "curves"],
            ...["material-weight", "material-approximated", "light-energy"],
          ],
        ],
      ])("%s", async (name, hidden, losses) => {
        await using setup = await setUpScene();
        const facts = { ...FACTS, fps: name.startsWith("slime") ? 30 : 24 };
        const { report } = await setup.prepare(requestFor("fbx", more(name)), facts);
        expect((await lossOf(setup)).losses.map(({ id }) => id).sort()).toEqual([...losses].sort());
        const told = report.notes.filter((note) => note.startsWith("Hidden in Maya"));
        expect(told).toEqual(hidden === undefined ? [] : [`Hidden in Maya, and not rendered: ${hidden}.`]);
      });

      test("what a display layer hides is not in the frame, and does not push the others aside", async () => {
        await using setup = await setUpScene();
        const scene = await setup.prepare(requestFor("fbx", more("display_layers_7500")), FACTS);
        expect(scene.report.notes).toContain("Hidden in Maya, and not rendered: NodeC.");
        expect((await lossOf(setup)).losses.map(({ id }) => id)).toEqual([
          "no-camera",
          "no-light",
          "no-animation",
          "material-weight",
          "material-approximated",
        ]);
        const [frame] = await setup.render(scene, "1");
        // Three cubes, brighter than the sky, from edge to edge of what the stand-in camera sees.
        const columns = Array.from({ length: 160 }, (_, x) => x).filter((x) => brightest(frame, x) > 140);
        expect(columns.at(0)).toBeLessThan(60);
        expect(columns.at(-1)).toBeGreaterThan(100);
      });
    },
  );

  test("what is hidden for a while, or far away, or has the name of another: each as it is in Maya", async () => {
    await using setup = await setUpScene();
    const path = setup.path("shot.fbx");
    const model = (id: bigint, name: string, values: Parameters<typeof properties>[0] = {}, type = "Mesh") =>
      object(id, "Model", name, type, [properties(values)]);
    const objects = [
      model(1n, "left", {}, "Null"),
      model(2n, "right", { Visibility: [0] }, "Null"),
      ...[
        model(3n, "arm"),
        model(4n, "arm"),
        model(5n, "blink"),
        model(6n, "same"),
        model(7n, "same", { Visibility: [0] }),
      ],
      model(8n, "far", { "Lcl Translation": [100_000, 0, 0], Visibility: [0] }),
      ...[13n, 14n, 15n, 16n, 17n, 18n].map((id) => cube(id)),
      object(22n, "AnimationCurveNode", "Visibility", ""),
      curve(23n, { 1: 1, 5: 0, 9: 1 }),
    ];
    const meshes = [3n, 4n, 5n, 6n, 7n, 8n].map((id) => [id + 10n, id] as const);
    const tops = [1n, 2n, 5n, 6n, 7n, 8n].map((id) => [id, 0n] as const);
    const keys = [
      [22n, 5n, "Visibility"],
      [23n, 22n, "d|Visibility"],
    ] as const;
    await writeFile(path, makeFbx(objects, [...tops, [3n, 1n], [4n, 2n], ...meshes, ...keys]));
    const scene = await setup.prepare(requestFor("fbx", path), FACTS);
    expect(subjectsOf(await lossOf(setup), "visibility")?.sort()).toEqual(["same", "same.001"]);
    const seen = await setup.blender(
      `
def seen(frame):
    bpy.context.scene.frame_set(frame)
    return sorted([item.name, item.parent and item.parent.name] for item in bpy.data.objects if item.type == "MESH" and not item.hide_render)
camera = bpy.context.scene.camera
tell([seen(4), [name for name, _ in seen(6)], seen(9) == seen(4), camera.location.length < 100])`,
      join(scene.sourcePaths[0] ?? "", "sh010.blend"),
    );
    const others = [
      ["same", null],
      ["same.001", null],
    ];
    expect(seen).toEqual([
      [[expect.stringMatching(/^arm/), "left"], ["blink", null], ...others],
      [expect.stringMatching(/^arm/), "same", "same.001"],
      true,
      true,
    ]);
  });

  test("an ASCII FBX is refused", async () => {
    await using setup = await setUpScene();
    const path = setup.path("shot.fbx");
    await writeFile(path, "; FBX 7.4.0 project file\nFBXHeaderExtension:  {\n\tFBXVersion: 7400\n}\n");
    await expect(setup.prepare(requestFor("fbx", path), FACTS)).rejects.toMatchObject({
      code: "source_unreadable",
      message: expect.stringMatching(/^shot\.fbx is an ASCII FBX\. Blender /),
      hint: expect.stringContaining("Binary"),
    });
  });

  /** What another program may have exported: a red cube, a camera at 8 m, a lamp. */
  const EXPORT = `
material = bpy.data.materials.new("red")
material.use_nodes = True
material.node_tree.nodes["Principled BSDF"].inputs["Base Color"].default_value = (0.8, 0, 0, 1)
bpy.data.objects["Cube"].data.materials.clear()
bpy.data.objects["Cube"].data.materials.append(material)
`;

  /** Whether the glTF add-on can work: add-ons before Blender 3.6 use what numpy 1.24 has not anymore. */
  const READS_GLTF = `
try:
    import numpy
    tell(bpy.app.version >= (3, 6, 0) or hasattr(numpy, "bool"))
except ImportError:
    tell(False)`;

  test("glTF crosses with material, camera and light, where Blender has what its importer needs", async () => {
    await using setup = await setUpScene();
    const path = setup.path("shot.glb");
    if (!(await setup.blender(READS_GLTF))) {
      await writeFile(path, "glTF");
      return await expect(setup.prepare(requestFor("gltf", path), FACTS)).rejects.toMatchObject({
        message: expect.stringMatching(/^This Blender \(.*\) cannot read glTF, since its .* numpy.*\.$/),
        hint: expect.stringContaining("blender.org"),
      });
    }
    const options = "export_cameras=True, export_lights=True";
    await setup.blender(`${EXPORT}bpy.ops.export_scene.gltf(filepath=${JSON.stringify(path)}, ${options})`);
    const scene = await setup.prepare(requestFor("gltf", path), FACTS);
    const loss = await lossOf(setup);
    expect(loss.losses.map(({ id }) => id)).toEqual(["unchecked", "light-energy"]);
    expect(loss.cameras).toMatchObject([{ isOrthographic: false }]);
    const [frame] = await setup.render(scene, "1");
    expect(frame && isRed(pixelAt(frame, 80, 45))).toBe(true);
  });

  test("OBJ crosses with its material; camera and light stand in", async () => {
    await using setup = await setUpScene();
    const path = setup.path("shot.obj");
    await setup.blender(`${EXPORT}
bpy.ops.object.select_all(action="DESELECT")
bpy.data.objects["Cube"].select_set(True)
bpy.ops.wm.obj_export(filepath=${JSON.stringify(path)}, export_selected_objects=True)`);
    const scene = await setup.prepare(requestFor("obj", path), FACTS);
    expect((await lossOf(setup)).losses.map(({ id }) => id)).toEqual(["no-camera", "no-light", "unchecked"]);
    const [frame] = await setup.render(scene, "1");
    expect(frame && isRed(pixelAt(frame, 80, 45))).toBe(true);
  });

  describe("what this Blender may lack", () => {
    test.each(["usd", "abc"] as const)("%s", async (format) => {
      await using setup = await setUpScene();
      const path = setup.path(`shot.${format}`);
      await writeFile(path, "a cache");
      const library = format === "usd" ? "usd" : "alembic";
      const isSupported = await setup.blender(`tell(bpy.app.${library}.supported)`);
      const refused = expect(setup.prepare(requestFor(format, path), FACTS)).rejects;
      if (isSupported) return await refused.toMatchObject({ code: "source_unreadable" });
      return await refused.toMatchObject({
        code: "source_unreadable",
        message: expect.stringMatching(
          format === "usd"
            ? /^This Blender \(.*\) was built without USD\.$/
            : /^This Blender \(.*\) was built without Alembic\.$/,
        ),
        hint: "Install the official build from blender.org, and set RENDERJUICE_BLENDER to it.",
      });
    });

    test("an add-on that is missing is named", async () => {
      await using setup = await setUpScene();
      const said = await setup.blender(`
import sys
sys.dont_write_bytecode = True
sys.path.insert(0, ${JSON.stringify(join(import.meta.dirname, "../blender"))})
from renderjuice_scene import answer, import_formats
import_formats.OPERATORS["fbx"] = []
tell(answer({"action": "assemble", "format": "fbx"}))`);
      expect(said).toEqual({
        failure: {
          kind: "unsupported",
          message: expect.stringContaining("comes without its FBX importer, the add-on io_scene_fbx."),
          hint: expect.stringContaining("blender.org"),
        },
      });
    });
  });

  test("animated cameras are turned around at each key", async () => {
    await using setup = await setUpScene();
    const directions = (await setup.blender(`
import sys
sys.dont_write_bytecode = True
sys.path.insert(0, ${JSON.stringify(join(import.meta.dirname, "../blender"))})
from renderjuice_scene import turn_around
camera = bpy.data.objects["Camera"]
for frame, angles in ((1, (0.1, 0.2, 0.3)), (5, (1.0, -0.4, 2.5)), (9, (1.2, 0.1, 4.0))):
    camera.rotation_euler = angles
    camera.keyframe_insert("rotation_euler", frame=frame)
def directions():
    found = []
    for frame in (1, 5, 9):
        bpy.context.scene.frame_set(frame)
        found += [round(value, 4) for value in camera.matrix_world.to_3x3().normalized().col[2]]
    return found
before = directions()
turn_around.turn([camera])
tell([before, directions()])`)) as [number[], number[]];
    const [before, after] = directions;
    for (const [index, value] of before.entries()) expect(after[index]).toBeCloseTo(-value, 3);
  });

  test("without a file of that format it says what to hand over", async () => {
    await using setup = await setUpScene();
    await expect(setup.prepare({ assemble: "gltf" }, FACTS)).rejects.toMatchObject({
      code: "invalid_option",
      hint: expect.stringContaining('caches=["…/scene.gltf"]'),
    });
  });

  test("all that Blender said is kept", async () => {
    await using setup = await setUpScene();
    const path = setup.path("shot.obj");
    await writeFile(path, "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n");
    await setup.prepare(requestFor("obj", path), FACTS);
    expect(await readFile(setup.path("job", "blender", "assemble-log.txt"), "utf8")).toContain(
      "import shot.obj",
    );
  });
});

type Pixel = readonly [red: number, green: number, blue: number];

function pixelAt({ width, data }: PNG, x: number, y: number): Pixel {
  const [red = 0, green = 0, blue = 0] = data.subarray(4 * (y * width + x));
  return [red, green, blue];
}

function brightest(frame: PNG | undefined, x: number): number {
  if (!frame) throw new Error("One frame was asked for.");
  return Math.max(...Array.from({ length: frame.height }, (_, y) => pixelAt(frame, x, y)[0]));
}

const isGrey = (pixel: Pixel) => Math.max(...pixel) - Math.min(...pixel) < 8;
const isRed = ([red, green, blue]: Pixel) => red > 60 && red > 2 * green && red > 2 * blue;

/** The brightnesses that occur, in steps of 16. */
function brightnesses(image: PNG, counts: (pixel: Pixel) => boolean): Set<number> {
  const found = new Set<number>();
  for (let y = 0; y < image.height; y++) {
    for (let x = 0; x < image.width; x++) {
      const pixel = pixelAt(image, x, y);
      if (counts(pixel)) found.add(Math.floor((pixel[0] + pixel[1] + pixel[2]) / 48));
    }
  }
  return found;
}
