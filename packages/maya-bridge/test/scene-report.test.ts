import { expect, test } from "vitest";
import type { FbxFacts } from "../src/scene/fbx/fbx-facts.ts";
import { findLosses } from "../src/scene/loss/find-losses.ts";
import type { ImportFacts } from "../src/scene/loss/import-facts.ts";
import { type LossReport, lossReportSchema } from "../src/scene/loss/loss-report.ts";
import { reportMaterials } from "../src/scene/loss/material-report.ts";
import type { LossInput } from "../src/scene/loss/rule.ts";
import type { SceneReport } from "../src/scene/types.ts";
import { reportText, summarize } from "../src/scene/write-report.ts";
import { makeRequest } from "./job-request.fixture.ts";

const FILE = "/export/shot.fbx";
const FACTS: ImportFacts = {
  objects: [
    {
      name: "cube",
      type: "MESH",
      materials: ["red"],
      isSkinned: false,
      shapeKeys: 0,
      bones: 0,
      constraints: [],
      isHidden: false,
    },
  ],
  materials: [],
  images: [],
  lights: [],
  cameras: [{ name: "shotCam", lensMm: 35, isOrthographic: false, file: FILE }],
  animation: null,
  fps: 24,
};
const SOURCE: FbxFacts = {
  version: 7500,
  meshes: 1,
  cameras: [],
  lights: [],
  materials: [],
  constraints: [],
  skins: 0,
  bones: 0,
  blendShapes: 0,
  inBetweens: 0,
  audioClips: 0,
  animationLayers: 1,
  turned: [],
  rotatedAxes: [],
  hidden: [],
  moving: [],
  unread: [],
};
const LOSS: Omit<LossReport, "losses"> = {
  version: 1,
  sources: ["shot.fbx"],
  format: "fbx",
  blender: "3.4.1",
  importer: "import_scene.fbx",
  objects: { MESH: 1 },
  materials: [],
  lights: [],
  cameras: [],
  textures: [],
  animation: null,
  importerWarnings: [],
};

function lossesOf(
  facts: Partial<ImportFacts>,
  source: Partial<FbxFacts> = {},
  input: Partial<LossInput> = {},
) {
  const losses = findLosses({
    request: makeRequest({
      assemble: "fbx",
      facts: { ...makeRequest().facts, frames: { start: 1, end: 1, step: 1 } },
    }),
    facts: {
      ...FACTS,
      lights: [{ name: "key", type: "SUN", energy: 1, file: FILE, isHidden: false }],
      ...facts,
    },
    sources: new Map([[FILE, { ...SOURCE, ...source }]]),
    report: LOSS,
    files: [FILE],
    unpacked: [],
    unclear: [],
    ...input,
  });
  expect(lossReportSchema.parse({ ...LOSS, losses }).losses).toEqual(losses);
  return losses
    .filter(({ id }) => id !== "light-energy")
    .map(({ id, severity, subjects }) => [severity, id, ...subjects]);
}

test("an import that lost nothing has no losses but the energy of its lights", () => {
  expect(lossesOf({})).toEqual([]);
});

function moving(property: string, curve: Partial<FbxFacts["moving"][number]["curve"]>): Partial<FbxFacts> {
  const straight = { longestBendSeconds: 0, longestGapSeconds: 0, largestStep: 1, hasInfinity: false };
  return {
    moving: [{ name: "m", property, curve: { isMoving: true, switches: [], ...straight, ...curve } }],
  };
}

test("keys at each frame lose nothing on the way between them", () => {
  expect(
    lossesOf({}, moving("Lcl Rotation", { longestBendSeconds: 1 / 24, longestGapSeconds: 1 / 24 })),
  ).toEqual([]);
});

test("what is hidden in Maya is not there to be seen, or to give light", () => {
  const [object] = FACTS.objects;
  const light = { name: "key", type: "SUN", energy: 1, file: FILE, isHidden: true };
  expect(lossesOf({ objects: object ? [{ ...object, isHidden: true }] : [], lights: [light] })).toEqual([
    ["major", "no-geometry"],
    ["major", "no-light"],
  ]);
});

test("a material of a kind that is not known, and layered textures, are lost", () => {
  const material = { name: "m", file: FILE, shader: "ShaderNodeBsdfPrincipled", inputs: {} };
  const source = { name: "m", properties: new Map(), textures: new Map() };
  const lostOf = (shadingModel: string, layeredTextures: string[] = []) =>
    reportMaterials(
      { ...FACTS, materials: [material] },
      new Map([[FILE, { ...SOURCE, materials: [{ ...source, shadingModel, layeredTextures }] }]]),
    ).flatMap(({ lost }) => lost);
  expect(lostOf("lambert")).toEqual([]);
  expect(lostOf("phong", ["DiffuseColor"])).toEqual(["DiffuseColor: a layered texture"]);
  expect(lostOf("ShaderfxPBS")).toEqual(["all of it: this version does not know this kind of material"]);
});

test("what was not read is never lossless", () => {
  const ids = lossesOf({}, {}, { sources: new Map() });
  expect(ids).toEqual([["minor", "unchecked"]]);
});

test.each<[string, Partial<ImportFacts>, Partial<FbxFacts>, unknown[]]>([
  [
    "area lights",
    {},
    { lights: [{ name: "key", type: "area", intensity: 100 }] },
    ["major", "light-type", "key, area: now SUN"],
  ],
  [
    "lights",
    {},
    { lights: [{ name: "rim", type: "spot", intensity: 1 }] },
    ["major", "light-type", "rim, spot: not there"],
  ],
  ["skinning", {}, { skins: 2 }, ["major", "skinning", "2 of them"]],
  ["blend shapes", {}, { blendShapes: 3 }, ["major", "blend-shapes", "3 of them"]],
  ["animation layers", {}, { animationLayers: 2 }, ["major", "animation-layers"]],
  ["the frame rate", { fps: 30 }, {}, ["major", "frame-rate"]],
  ["rotate axes", {}, { rotatedAxes: ["arm"] }, ["major", "rotate-axis", "arm"]],
  ["constraints", {}, { constraints: [{ name: "aim", type: "Aim" }] }, ["minor", "constraints", "aim (Aim)"]],
  ["surfaces", {}, { unread: [{ kind: "surfaces", subject: "hull" }] }, ["major", "surfaces", "hull"]],
  [
    "what is not known",
    {},
    { unread: [{ kind: "unknown-content", subject: "fog (Model Fog)" }] },
    ["major", "unknown-content", "fog (Model Fog)"],
  ],
  [
    "smooth keys",
    {},
    moving("Lcl Scaling", { longestBendSeconds: 0.5 }),
    ["major", "key-interpolation", "m: Scaling"],
  ],
  ["cycles", {}, moving("Lcl Scaling", { hasInfinity: true }), ["major", "key-infinity", "m: Scaling"]],
  [
    "whole turns between two keys",
    {},
    moving("Lcl Rotation", { longestGapSeconds: 2, largestStep: 360 }),
    ["major", "key-interpolation", "m: Rotation"],
  ],
  ["values that nobody reads", {}, moving("Intensity", {}), ["major", "animation-unread", "m: Intensity"]],
  ["the camera", { cameras: [] }, {}, ["major", "no-camera"]],
  ["all light", { lights: [] }, {}, ["major", "no-light"]],
])("%s that are lost are reported", (_what, facts, source, expected) => {
  expect(lossesOf(facts, source)).toEqual([expected]);
});

test("textures are reported by what happened to them", () => {
  const texture = (name: string, state: "used" | "unused" | "missing") => ({
    name,
    path: `/tex/${name}.png`,
    state,
  });
  const report = {
    ...LOSS,
    textures: [texture("a", "used"), texture("b", "unused"), texture("c", "missing")],
  };
  expect(lossesOf({}, {}, { report })).toEqual([
    ["major", "texture-missing", "c.png"],
    ["major", "texture-unused", "b.png"],
  ]);
});

const REPORT: SceneReport = {
  route: "re-point",
  packed: ["light.blend", "caches/hero.abc"],
  notes: ["hero.abc now reads caches/hero.abc instead of /old/hero.abc."],
  warnings: ["Missing: /tex/wood.png."],
  staysBehind: [
    {
      ...{
        kind: "texture",
        node: "file1",
        attribute: "fileTextureName",
        path: "/tex/skin.<UDIM>.png",
        files: [],
      },
      isMissing: true,
      why: "Materials stay in Maya.",
    },
    {
      ...{
        kind: "reference",
        node: "heroRN",
        attribute: "",
        path: "/rigs/hero.ma",
        files: ["/rigs/hero.ma"],
      },
      isMissing: false,
      why: "References are not sent.",
    },
  ],
  loss: null,
};

test("the text says what matters first, and what stays in Maya by kind", () => {
  expect(reportText(REPORT)).toBe(`A copy of the .blend was sent, which reads the caches packed with it.

Warnings:
- Missing: /tex/wood.png.

What was set:
- hero.abc now reads caches/hero.abc instead of /old/hero.abc.

Textures that stay in Maya. Materials stay in Maya:
- /tex/skin.<UDIM>.png (file1), MISSING in Maya too

References that stay in Maya. References are not sent:
- /rigs/hero.ma (heroRN)

In the archive:
- light.blend
- caches/hero.abc
`);
});

test("the line for the window counts; silence means that all is well", () => {
  expect(summarize(REPORT)).toBe("1 warning, 2 files of the Maya scene that Blender does not get.");
  expect(summarize({ ...REPORT, warnings: [], staysBehind: [] })).toBeUndefined();
});
