import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FbxFacts, readFbxFacts } from "../src/scene/fbx/fbx-facts.ts";
import { cube, curve, type FbxPart, int, makeFbx, object, properties, text } from "./fbx.fixture.ts";

let path: string;
beforeAll(async () => {
  path = join(await mkdtemp(join(tmpdir(), "renderjuice fbx-")), "shot.fbx");
});
afterAll(() => rm(dirname(path), { recursive: true }));

async function factsOf(...content: Parameters<typeof makeFbx>): Promise<FbxFacts> {
  await writeFile(path, makeFbx(...content));
  const facts = await readFbxFacts(path);
  if (!facts) throw new Error("This is an FBX.");
  return facts;
}

const model = (id: bigint, name: string, type = "Mesh", values: Parameters<typeof properties>[0] = {}) =>
  object(id, "Model", name, type, [properties(values)]);

describe("what is hidden", () => {
  const hiddenIn = async (...content: Parameters<typeof makeFbx>) =>
    Object.fromEntries(
      (await factsOf(...content)).hidden.map(({ path: names, visibility }) => [names.join("/"), visibility]),
    );
  const NEVER = [{ seconds: 0, isOn: false }];

  test("by its own switch", async () => {
    expect(await hiddenIn([model(1n, "a", "Mesh", { Visibility: [0] }), model(2n, "b")], [[1n, 0n]])).toEqual(
      {
        a: NEVER,
      },
    );
  });

  test("by a group above it, which its own switch does not undo", async () => {
    const group = model(1n, "group", "Null", { Visibility: [0] });
    expect(await hiddenIn([group, model(2n, "a", "Mesh", { Visibility: [1] })], [[2n, 1n]])).toEqual({
      group: NEVER,
      "group/a": NEVER,
    });
  });

  test("by a display layer that its group is in", async () => {
    const layer = object(3n, "CollectionExclusive", "layer", "DisplayLayer", [properties({ Show: 0 })]);
    const objects = [layer, model(1n, "group", "Null"), model(2n, "a"), model(4n, "b")];
    const links = [
      [2n, 1n],
      [1n, 3n],
    ] as const;
    expect(Object.keys(await hiddenIn(objects, links))).toEqual(["group", "group/a"]);
  });

  test("by a level of detail that is switched off", async () => {
    const level = object(5n, "NodeAttribute", "", "LodGroup", [properties({ "DisplayLevels|Level1": 2 })]);
    const objects = [level, model(1n, "lod", "LodGroup"), model(2n, "near"), model(3n, "far")];
    expect(
      Object.keys(
        await hiddenIn(objects, [
          [5n, 1n],
          [2n, 1n],
          [3n, 1n],
        ]),
      ),
    ).toEqual(["lod/far"]);
  });

  test("for a while, by its own keys and those of its group", async () => {
    const objects = [
      model(1n, "group", "Null"),
      model(2n, "a"),
      object(3n, "AnimationCurveNode", "Visibility", ""),
      curve(4n, { 0: 1, 48: 0 }),
      object(5n, "AnimationCurveNode", "Visibility", ""),
      curve(6n, { 0: 0, 24: 1 }),
    ];
    const keys = [
      [3n, 1n, "Visibility"],
      [4n, 3n, "d|Visibility"],
      [5n, 2n, "Visibility"],
      [6n, 5n, "d|Visibility"],
    ] as const;
    expect(await hiddenIn(objects, [[2n, 1n], ...keys])).toEqual({
      group: [
        { seconds: 0, isOn: true },
        { seconds: 2, isOn: false },
      ],
      "group/a": [
        { seconds: 0, isOn: false },
        { seconds: 1, isOn: true },
        { seconds: 2, isOn: false },
      ],
    });
  });

  test("others of the same name are listed, so that the two can be told apart", async () => {
    const objects = [
      model(1n, "left", "Null"),
      model(2n, "arm"),
      model(3n, "right", "Null", { Visibility: [0] }),
      model(4n, "arm"),
    ];
    expect(
      Object.keys(
        await hiddenIn(objects, [
          [2n, 1n],
          [4n, 3n],
        ]),
      ),
    ).toEqual(["left/arm", "right", "right/arm"]);
  });

  test("groups that hold each other do not hang it", async () => {
    expect(
      await hiddenIn(
        [model(1n, "a", "Null"), model(2n, "b", "Null")],
        [
          [1n, 2n],
          [2n, 1n],
        ],
      ),
    ).toEqual({});
  });
});

describe("what Blender does not read", () => {
  const deformer = (type: string, details: readonly FbxPart[] = []) =>
    object(3n, "Deformer", "", type, details);
  const LINKS = [
    [2n, 1n],
    [3n, 2n],
  ] as const;
  const SKINNED = [model(1n, "hero"), cube(2n)];

  test.each<[string, Parameters<typeof makeFbx>, string, string]>([
    ["NURBS surfaces", [[model(1n, "hull", "NurbsSurface")], []], "surfaces", "hull"],
    ["trimmed surfaces", [[model(1n, "hull", "TrimNurbsSurface")], []], "surfaces", "hull"],
    ["curves", [[model(1n, "wire", "NurbsCurve")], []], "curves", "wire"],
    ["levels of detail", [[model(1n, "lod", "LodGroup")], []], "lod-groups", "lod"],
    [
      "smooth previews",
      [[model(1n, "head"), cube(2n, [{ name: "Smoothness", values: [int(2)] }])], [[2n, 1n]]],
      "smooth-meshes",
      "head",
    ],
    ["vertex caches", [[...SKINNED, deformer("VertexCacheDeformer")], LINKS], "vertex-caches", "hero"],
    [
      "dual quaternions",
      [[...SKINNED, deformer("Skin", [{ name: "SkinningType", values: [text("DualQuaternion")] }])], LINKS],
      "skin-method",
      "hero",
    ],
    [
      "skinned meshes that move",
      [
        [...SKINNED, deformer("Skin"), object(4n, "AnimationCurveNode", "T", ""), curve(5n, { 0: 0, 9: 1 })],
        [...LINKS, [4n, 1n, "Lcl Translation"], [5n, 4n, "d|X"]],
      ],
      "skin-transforms",
      "hero",
    ],
    [
      "several takes",
      [["a", "b"].map((name, id) => object(BigInt(id), "AnimationStack", name, "")), []],
      "takes",
      "a",
    ],
    [
      "another kind of object",
      [[object(1n, "Hologram", "h", "Blue")], []],
      "unknown-content",
      "h (Hologram Blue)",
    ],
    ["another kind of model", [[model(1n, "m", "Fog")], []], "unknown-content", "m (Model Fog)"],
    [
      "another part of a mesh",
      [[model(1n, "m"), cube(2n, [{ name: "LayerElementHole", values: [int(0)] }])], [[2n, 1n]]],
      "unknown-content",
      "m: LayerElementHole",
    ],
    ["another part of the file", [[], [], [{ name: "Embedded" }]], "unknown-content", "Embedded"],
  ])("%s", async (_what, content, kind, subject) => {
    expect((await factsOf(...content)).unread[0]).toEqual({ kind, subject });
  });

  test("of what is never seen nothing is lost", async () => {
    expect((await factsOf([model(1n, "hull", "NurbsSurface", { Visibility: [0] })], [])).unread).toEqual([]);
  });

  test("a plain mesh with a material loses nothing", async () => {
    const objects = [model(1n, "m"), cube(2n), object(3n, "Material", "red", "")];
    expect(
      (
        await factsOf(objects, [
          [2n, 1n],
          [3n, 1n],
        ])
      ).unread,
    ).toEqual([]);
  });
});

describe("motion", () => {
  const moving = async (keys: Record<number, number>, flags?: number, property = "Lcl Translation") => {
    const objects = [model(1n, "m"), object(2n, "AnimationCurveNode", "T", ""), curve(3n, keys, flags)];
    const { moving: found } = await factsOf(objects, [
      [2n, 1n, property],
      [3n, 2n, "d|X"],
    ]);
    return found.map(({ name, property: what, curve: { longestBendSeconds } }) => [
      name,
      what,
      longestBendSeconds,
    ]);
  };
  const [CONSTANT, LINEAR] = [2, 4];

  test.each<[string, Record<number, number>, number | undefined, number]>([
    ["smooth keys bend", { 0: 0, 12: 5, 48: 5 }, undefined, 0.5],
    ["straight ones do not", { 0: 0, 12: 5 }, LINEAR, 0],
    ["steps do", { 0: 0, 24: 5 }, CONSTANT, 1],
  ])("%s", async (_what, keys, flags, seconds) => {
    expect(await moving(keys, flags)).toEqual([["m", "Lcl Translation", seconds]]);
  });

  test("what stands still does not count", async () => {
    expect(await moving({ 0: 5, 12: 5 })).toEqual([]);
  });
});
