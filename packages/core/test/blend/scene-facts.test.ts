import { describe, expect, test } from "vitest";
import type { ExternalFile, SceneSettings } from "../../src/index.ts";
import { FULL_STRUCTS, fullScene, OBJECT_DATA, properties } from "./full-scene.ts";
import { readFactsOf } from "./read-facts-of.ts";
import { STRUCTS, sceneBlocks } from "./small-scene.ts";
import { type Block, type Structs, type Values, writeBlend } from "./write-blend.ts";

describe("samples and denoising say where they come from", () => {
  const CASES: readonly [
    what: string,
    version: number,
    cycles: Parameters<typeof properties>[1],
    SceneSettings["samples"],
    SceneSettings["denoising"],
  ][] = [
    ["stored", 402, { samples: 64, use_denoising: 0 }, stored(64), stored(false)],
    ["the default since 3.0", 300, {}, byDefault(4096), byDefault(true)],
    ["the default of 2.8 and 2.9", 293, {}, byDefault(128), byDefault(false)],
    ["the default of 2.7", 279, {}, byDefault(10), byDefault(false)],
    [
      "branched path tracing",
      279,
      { progressive: 0, aa_samples: 4, samples: 9 },
      stored(4),
      byDefault(false),
    ],
    [
      "squared samples",
      279,
      { progressive: 1, samples: 20, use_square_samples: 1 },
      stored(400),
      byDefault(false),
    ],
    [
      "squared samples are no longer a thing",
      402,
      { samples: 20, use_square_samples: 1 },
      stored(20),
      byDefault(true),
    ],
  ];
  test.each(CASES)("%s", async (_, version, cycles, samples, denoising) => {
    const scene = await sceneWith({ "id.properties": 0x10 }, properties(0x10, { cycles }), { version });
    expect(scene).toMatchObject({ samples, denoising });
  });

  test("denoising of a view layer, as in 2.79 and 2.8", async () => {
    const structs = {
      ...STRUCTS,
      SceneRenderLayer: ["char name[64]", "int layflag", "char _pad[4]", "IDProperty *prop"],
    };
    const layer: Block = { address: 0x20, struct: "SceneRenderLayer", values: { name: "Layer", prop: 0x30 } };
    const group = properties(0x30, { cycles: { use_denoising: 1 } });
    const scene = await sceneWith({}, [layer, ...group], { version: 279, structs });
    expect(scene?.denoising).toEqual(stored(true));
  });

  test("other engines have none that Cycles would know", async () => {
    const scene = await sceneWith({ "r.engine": "BLENDER_WORKBENCH" });
    expect(scene).toMatchObject({ samples: { from: "unknown" }, denoising: { from: "unknown" } });
  });
});

describe("how a scene is rendered", () => {
  test("a border, and whether the image is cropped to it", async () => {
    const border = { "r.border.xmin": 0.25, "r.border.xmax": 0.5, "r.border.ymin": 0.1, "r.border.ymax": 1 };
    const scene = await sceneWith({ ...border, "r.mode": 0x200 });
    expect(scene?.border).toEqual({ left: 0.25, right: 0.5, bottom: 0.1, top: 1, isCropped: false });
    expect((await sceneWith({ ...border, "r.mode": 0xa00 }))?.border?.isCropped).toBe(true);
    expect((await sceneWith(border))?.border).toBeUndefined();
  });

  test("formats that are movies", async () => {
    const formatOf = async (number: number) => (await sceneWith({ "r.im_format.imtype": number }))?.output;
    expect(await formatOf(24)).toMatchObject({ format: "FFMPEG", isMovie: true });
    expect(await formatOf(28)).toMatchObject({ format: "OPEN_EXR_MULTILAYER", isMovie: false });
    expect(await formatOf(99)).toMatchObject({ format: undefined, isMovie: false });
  });

  test("render layers before 2.8: what is not disabled is rendered", async () => {
    const structs: Structs = { ...STRUCTS, SceneRenderLayer: ["char name[64]", "int layflag"] };
    const { ViewLayer: _, ...old } = structs;
    const values = [{ name: "On" }, { name: "Off", layflag: 0x8000 }];
    const facts = await readFactsOf(
      writeBlend(old, [
        ...sceneBlocks().filter(({ struct }) => struct !== "ViewLayer"),
        { struct: "SceneRenderLayer", values },
      ]),
    );
    expect(facts.scenes[0]?.viewLayers).toEqual([
      { name: "On", isRendered: true },
      { name: "Off", isRendered: false },
    ]);
  });

  test("frames per second that are not whole", async () => {
    const scene = await sceneWith({ "r.frs_sec": 30, "r.frs_sec_base": 1.001 });
    expect(scene?.framesPerSecond).toBe(30 / 1.001);
    expect((await sceneWith({ "r.frs_sec_base": 0 }))?.framesPerSecond).toBeUndefined();
  });

  test("cameras that markers switch to, and strips instead of a camera", async () => {
    const { scenes } = await readFactsOf(fullScene());
    expect(scenes[0]).toMatchObject({
      camera: "Camera",
      markerCameras: [{ frame: 12, marker: "cut", camera: "Camera" }],
      sequencer: { isUsed: true, stripCount: 1 },
      properties: { shot: "sh010", take: 3 },
    });
  });
});

describe("external files", () => {
  test("of every kind", async () => {
    const { files } = await readFactsOf(fullScene());
    expect(files.map(summarize)).toEqual([
      "library props.blend: //props.blend",
      "image Brick: //textures/brick.png",
      "strip image Shot/Plates: //plates/a.png (list a.png,b.png)",
      "mesh cache Thing/Cache: //cache.pc2",
      "ocean cache Thing/Ocean: //ocean (folder)",
      "fluid cache Thing/Fluid: //fluid (folder)",
      "fluid cache Thing: //old_fluid (folder)",
      "geometry nodes bake Thing/Nodes: //bakes (folder)",
      "geometry nodes bake Thing/Nodes: //own_bake (folder)",
      "voxel data Thing: //smoke.raw",
      "point cache Thing/Cloth: //blendcache_shot (folder 1-40)",
      "point cache Thing/Rain: //rain (folder 5-50)",
      "IES profile Wall/IES: //lamp.ies",
      "image Sequence: //seq_0001.png (sequence 5-24)",
      "image Tiles: //t.<UDIM>.png (tiles 1001,1012)",
    ]);
  });

  test("an ocean that is not baked needs no folder, nor does a fluid that is not a domain", async () => {
    const { files } = await readFactsOf(
      writeBlend(FULL_STRUCTS, [
        ...sceneBlocks(),
        { code: "OB", address: 0x2000, struct: "Object", values: { "id.name": "OBThing" } },
        { address: 1, struct: "OceanModifierData", values: { cachepath: "//ocean" } },
        { address: 2, struct: "FluidModifierData", values: { "modifier.name": "Flow" } },
        { address: 3, struct: "FluidsimSettings", values: { type: 4, surfdataPath: "//fluid" } },
      ]),
    );
    expect(files).toEqual([]);
  });

  test("images without a file: generated, render results, no path", async () => {
    const image = (values: Values): Block => ({ code: "IM", struct: "Image", values });
    const { files } = await readFactsOf(
      writeBlend(STRUCTS, [
        ...sceneBlocks(),
        image({ "id.name": "IMGenerated", name: "//a.png", source: 4 }),
        image({ "id.name": "IMRender Result", name: "//b.png", source: 5 }),
        image({ "id.name": "IMEmpty", source: 1 }),
        image({ "id.name": "IMPacked", name: "C:\\wood.png", source: 1, packedfile: 0x77 }),
      ]),
    );
    expect(files).toEqual([
      expect.objectContaining({
        owner: { type: "image", name: "Packed" },
        isPacked: true,
        isRelative: false,
      }),
    ]);
  });

  test("datablocks that stand for a file", async () => {
    const structs: Structs = {
      ...STRUCTS,
      VFont: ["ID id", "char name[1024]", "PackedFile *packedfile"],
      MovieClip: ["ID id", "char name[1024]", "int source"],
      CacheFile: ["ID id", "char filepath[1024]", "char is_sequence"],
      CacheFileLayer: ["char filepath[1024]"],
      Volume: ["ID id", "char filepath[1024]", "char is_sequence", "int frame_duration", "int frame_offset"],
      Camera: ["ID id", "char custom_filepath[1024]", "int custom_mode"],
    };
    const { files } = await readFactsOf(
      writeBlend(structs, [
        { code: "VF", struct: "VFont", values: { "id.name": "VFBfont", name: "<builtin>" } },
        { code: "VF", struct: "VFont", values: { "id.name": "VFSerif", name: "//serif.ttf" } },
        { code: "MC", struct: "MovieClip", values: { "id.name": "MCTake", name: "//take.mov", source: 2 } },
        { code: "MC", struct: "MovieClip", values: { "id.name": "MCPlate", name: "//p_01.png", source: 1 } },
        { code: "CF", struct: "CacheFile", values: { "id.name": "CFHero", filepath: "//hero.abc" } },
        { struct: "CacheFileLayer", values: { filepath: "//fixes.abc" } },
        {
          code: "VO",
          struct: "Volume",
          values: {
            "id.name": "VOFog",
            filepath: "//fog_1.vdb",
            is_sequence: 1,
            frame_duration: 9,
            frame_offset: 1,
          },
        },
        {
          code: "CA",
          struct: "Camera",
          values: { "id.name": "CALens", custom_filepath: "//a.osl", custom_mode: 1 },
        },
        { code: "CA", struct: "Camera", values: { "id.name": "CAOther", custom_filepath: "//b.osl" } },
      ]),
    );
    expect(files.map(summarize)).toEqual([
      "font Serif: //serif.ttf",
      "movie clip Take: //take.mov",
      "movie clip Plate: //p_01.png (sequence)",
      "cache file Hero: //hero.abc",
      "cache file Hero/layer: //fixes.abc",
      "volume Fog: //fog_1.vdb (sequence 2-10)",
      "camera shader Lens: //a.osl",
    ]);
  });

  test("a library that is linked and packed, and data of it", async () => {
    const structs: Structs = {
      ...STRUCTS,
      Library: ["ID id", "char name[1024]", "short flag", "char _pad[6]", "Library *archive_parent_library"],
    };
    const library = (address: number, name: string, more: Values = {}): Block => {
      return {
        code: "LI",
        address,
        struct: "Library",
        values: { "id.name": `LI${name}`, name: `//${name}`, ...more },
      };
    };
    const { files } = await readFactsOf(
      writeBlend(structs, [
        library(0x100, "packed.blend"),
        library(0x200, "both.blend"),
        { code: "ID", struct: "ID", values: { name: "OBChair", lib: 0x200 } },
        library(0x300, "packed.blend", { flag: 1, archive_parent_library: 0x100 }),
        {
          code: "IM",
          struct: "Image",
          values: { "id.name": "IMOak", "id.lib": 0x300, name: "//oak.png", source: 1 },
        },
        library(0x400, "both.blend", { flag: 1, archive_parent_library: 0x200 }),
      ]),
    );
    expect(files).toMatchObject([
      { kind: "library", path: "//packed.blend", isPacked: true },
      { kind: "library", path: "//both.blend", isPacked: false },
      { kind: "image", path: "//oak.png", library: "//packed.blend" },
    ]);
  });

  test("the views of a stereo image", async () => {
    const { files } = await readFactsOf(
      writeBlend(FULL_STRUCTS, [
        ...sceneBlocks(),
        { code: "IM", struct: "Image", values: { "id.name": "IMStereo", name: "//left.png", source: 1 } },
        { struct: "ImageView", values: { name: "left", filepath: "//left.png" } },
        { struct: "ImageView", values: { name: "right", filepath: "//right.png" } },
      ]),
    );
    expect(files.map(summarize)).toEqual(["image Stereo: //left.png", "image Stereo/right: //right.png"]);
  });

  test("the same address in two datablocks belongs to each of them", async () => {
    const text = (name: string, path: string): Block[] => [
      { code: "TX", struct: "Text", values: { "id.name": `TX${name}`, name: 0x42 } },
      { address: 0x42, bytes: Buffer.from(`${path}\0`) },
    ];
    const { texts } = await readFactsOf(
      writeBlend(STRUCTS, [...sceneBlocks(), ...text("a", "//a.py"), ...text("b", "//b.py")]),
    );
    expect(texts.map(({ path }) => path)).toEqual(["//a.py", "//b.py"]);
  });
});

test("simulations, and whether they are baked", async () => {
  const { simulations } = await readFactsOf(
    writeBlend(FULL_STRUCTS, [
      { code: "OB", address: 0x2100, struct: "Object", values: { "id.name": "OBThing" } },
      ...OBJECT_DATA,
    ]),
  );
  const owner = { type: "object", name: "Thing" };
  expect(simulations).toEqual([
    { kind: "cloth", owner, via: "Cloth", isBaked: true, storage: "folder", frames: { first: 1, last: 40 } },
    {
      kind: "particles",
      owner,
      via: "Rain",
      isBaked: false,
      storage: "external folder",
      frames: { first: 5, last: 50 },
    },
    {
      kind: "fluid",
      owner,
      via: "Fluid",
      isBaked: true,
      storage: "external folder",
      frames: { first: 1, last: 60 },
    },
  ]);
});

test("drivers and file outputs", async () => {
  const { pythonDrivers, fileOutputs } = await readFactsOf(fullScene());
  expect(pythonDrivers).toEqual([{ owner: { type: "object", name: "Thing" }, expression: "frame / 2" }]);
  expect(fileOutputs).toEqual([
    { owner: { type: "material", name: "Wall" }, node: "Out", path: "//passes/", isMuted: true },
  ]);
});

test("the thumbnail starts at the top, whatever the file says", async () => {
  const size = Buffer.alloc(8);
  size.writeInt32LE(1, 0);
  size.writeInt32LE(2, 4);
  const [bottom, top] = [Buffer.from([1, 2, 3, 4]), Buffer.from([5, 6, 7, 8])];
  const picture = { code: "TEST", bytes: Buffer.concat([size, bottom, top]) };
  const { thumbnail } = await readFactsOf(writeBlend(STRUCTS, [picture, ...sceneBlocks()]));
  expect(thumbnail).toEqual({ width: 1, height: 2, pixels: Uint8Array.of(5, 6, 7, 8, 1, 2, 3, 4) });
});

async function sceneWith(
  values: Values,
  data: readonly Block[] = [],
  { version = 402, structs = STRUCTS }: { version?: number; structs?: Structs } = {},
): Promise<SceneSettings | undefined> {
  const facts = await readFactsOf(writeBlend(structs, sceneBlocks(values, data), { version }));
  return facts.scenes[0];
}

function stored<Value>(value: Value) {
  return { value, from: "stored" as const };
}

function byDefault<Value>(value: Value) {
  return { value, from: "default" as const };
}

function summarize({ kind, owner, via, path, extent, frames, tiles, names }: ExternalFile): string {
  const details = [frames && `${frames.first}-${frames.last}`, tiles.join(), names.join()].filter(Boolean);
  const what = extent === "file" ? "" : ` (${[extent, ...details].join(" ")})`;
  return `${kind} ${[owner.name, via].filter(Boolean).join("/")}: ${path}${what}`;
}
