import type { FbxFacts } from "../fbx/fbx-facts.ts";
import { checkKeys, checkUnread } from "./fbx-losses.ts";
import type { Loss } from "./loss-report.ts";
import { diffuseWeight, fileName, isNamed } from "./material-report.ts";
import { IN_BLENDER, type LossInput, major, minor, type Rule } from "./rule.ts";

const VISIBLE = ["MESH", "CURVE", "CURVES", "SURFACE", "META", "FONT", "VOLUME", "POINTCLOUD", "HAIR"];
const LIGHT_TYPES: Readonly<Record<FbxFacts["lights"][number]["type"], string>> = {
  point: "POINT",
  directional: "SUN",
  spot: "SPOT",
  area: "AREA",
  volume: "none",
};
/** Every way in which something may get lost, one rule each; the gravest first. */
export function findLosses(input: LossInput): Loss[] {
  const losses = RULES.flatMap((rule) => rule(input));
  return [
    ...losses.filter(({ severity }) => severity === "major"),
    ...losses.filter(({ severity }) => severity === "minor"),
  ];
}

const checkGeometry: Rule = ({ facts }) =>
  facts.objects.some(({ type, isHidden }) => VISIBLE.includes(type) && !isHidden)
    ? []
    : major(
        "no-geometry",
        "Nothing can be seen: no mesh, curve or volume has come in.",
        [],
        "Check what was exported.",
      );

const checkCamera: Rule = ({ facts }) =>
  facts.cameras.length > 0
    ? []
    : major(
        "no-camera",
        "There is no camera. One that sees everything stands in.",
        [],
        'Export a camera: set it to render in Maya, or name it in groups={"camera": [node]}.',
      );

const checkLight: Rule = ({ facts }) =>
  facts.lights.some(({ isHidden }) => !isHidden)
    ? []
    : major(
        "no-light",
        "There is no light. A sun and a grey sky stand in.",
        [],
        `Export lights. ${IN_BLENDER}`,
      );

const checkProjection: Rule = ({ facts, sources }) => {
  const flat = [...sources.values()].flatMap(({ cameras }) =>
    cameras.filter(({ isOrthographic }) => isOrthographic),
  );
  const others = sources.size === 0 ? facts.cameras.filter(({ isOrthographic }) => isOrthographic) : [];
  const names = namesOf([...flat, ...others]);
  const message = "How much an orthographic camera shows does not cross: Blender guesses it.";
  return names.length === 0 ? [] : major("camera-projection", message, names, IN_BLENDER);
};

const checkRotatedAxes: Rule = ({ sources, report }) => {
  const names = [...sources.values()].flatMap(({ rotatedAxes }) => rotatedAxes);
  const message = "Objects have a rotate axis, which Blender's add-on applies the wrong way.";
  return names.length === 0 || report.importer !== "import_scene.fbx"
    ? []
    : major("rotate-axis", message, names, "Freeze their transformations before the export.");
};

const checkLightTypes: Rule = ({ facts, sources }) => {
  const changed = [...sources].flatMap(([file, source]) =>
    source.lights.flatMap(({ name, type }) => {
      const light = facts.lights.find((other) => other.file === file && isNamed(other.name, name));
      if (!light) return [`${name}, ${type}: not there`];
      return light.type === LIGHT_TYPES[type] ? [] : [`${name}, ${type}: now ${light.type}`];
    }),
  );
  return changed.length === 0
    ? []
    : major("light-type", "Lights have not come in as what they were.", changed, IN_BLENDER);
};

const checkLightEnergy: Rule = ({ facts }) => {
  if (facts.lights.length === 0) return [];
  const lights = facts.lights.map(
    ({ name, type, energy }) => `${name}: ${Number(energy.toPrecision(4))} ${type === "SUN" ? "W/m²" : "W"}`,
  );
  const message =
    "The energy of lights is a guess: Maya and Blender measure it differently, and decay and exposure do not cross.";
  return minor("light-energy", message, lights, "Compare one frame before you render all.");
};

const checkMaterials: Rule = ({ report }) => {
  const incomplete = report.materials.filter(({ lost }) => lost.length > 0);
  if (incomplete.length === 0) return [];
  return major(
    "material-inputs",
    "Materials have come in without some of their colours, values and textures.",
    incomplete.map(({ name, mayaType, lost }) => `${name} (${mayaType}): ${lost.join("; ")}`),
    IN_BLENDER,
  );
};

const checkShaders: Rule = ({ report }) => {
  const bare = report.materials.filter(({ shader }) => shader === null);
  return bare.length === 0
    ? []
    : major(
        "material-without-shader",
        "Materials have no surface: they render black.",
        namesOf(bare),
        IN_BLENDER,
      );
};

const checkDiffuseWeights: Rule = ({ facts, sources }) => {
  const brighter = facts.materials.flatMap((material) => {
    const source = sources.get(material.file)?.materials.find(({ name }) => isNamed(material.name, name));
    const weight = source && diffuseWeight(source, material);
    return weight === undefined ? [] : [`${material.name}: ${Number(weight.toFixed(3))}`];
  });
  const message = "Maya's diffuse weight is not applied: the colour is brighter by that much.";
  return brighter.length === 0 ? [] : minor("material-weight", message, brighter, IN_BLENDER);
};

const checkClassicShaders: Rule = ({ report }) => {
  const classic = report.materials.filter(({ mayaType }) => mayaType === "lambert" || mayaType === "phong");
  if (classic.length === 0) return [];
  const message =
    "Lambert, Phong and Blinn have become a Principled BSDF: highlights and reflections look different.";
  const subjects = classic.map(({ name, mayaType }) => `${name} (${mayaType})`);
  return minor("material-approximated", message, subjects, "Compare one frame before you render all.");
};

/** What an export other than FBX has held is not known, so what came in is all there is to say. */
const checkUnreadSources: Rule = ({ files, sources, report }) =>
  files.every((file) => sources.has(file))
    ? []
    : minor(
        "unchecked",
        `What was lost cannot be told of this ${report.format.toUpperCase()}; networks of nodes and Arnold's own inputs do not cross.`,
        report.materials.map(({ name, textures }) => `${name}: ${textures.join("; ") || "no texture"}`),
        "Compare one frame before you render all.",
      );

const checkVisibility: Rule = ({ unclear }) =>
  unclear.length === 0
    ? []
    : major(
        "visibility",
        "Several objects have one name, and some are hidden in Maya: these are rendered.",
        unclear,
        "Give them names that differ, and export again.",
      );

const checkBareObjects: Rule = ({ facts }) => {
  const bare = facts.objects.filter(
    ({ type, materials, isHidden }) => type === "MESH" && materials.length === 0 && !isHidden,
  );
  return bare.length === 0
    ? []
    : minor(
        "object-without-material",
        "Objects have no material: they render grey.",
        namesOf(bare),
        IN_BLENDER,
      );
};

const checkTextures: Rule = ({ report, unpacked }) => {
  const inState = (wanted: string) =>
    report.textures.filter(({ state }) => state === wanted).map(({ path, name }) => fileName(path) || name);
  const [missing, unused] = [inState("missing"), inState("unused")];
  return [
    ...(missing.length > 0
      ? major(
          "texture-missing",
          "Textures were not found: they render pink.",
          missing,
          "Export with them embedded.",
        )
      : []),
    ...(unused.length > 0
      ? major("texture-unused", "Textures have come in and are connected to nothing.", unused, IN_BLENDER)
      : []),
    ...(unpacked.length > 0
      ? major("texture-unpacked", "Textures could not be packed.", unpacked, "Export them as single images.")
      : []),
  ];
};

const checkMayaTextures: Rule = ({ request, facts }) => {
  const present = new Set(facts.images.map(({ path }) => fileName(path).toLowerCase()));
  const left = request.dependencies
    .filter(
      ({ kind, path, files }) =>
        kind === "texture" && ![path, ...files].some((file) => present.has(fileName(file).toLowerCase())),
    )
    .map(({ path, node }) => (node ? `${path} (${node})` : path));
  return left.length === 0
    ? []
    : major("texture-left-in-maya", "Textures of the Maya scene have not come along.", left, IN_BLENDER);
};

const checkDeformation: Rule = ({ facts, sources }) => {
  const held = (choose: (source: FbxFacts) => number) => sum([...sources.values()].map(choose));
  const skins = held((source) => source.skins) - facts.objects.filter(({ isSkinned }) => isSkinned).length;
  const shapes = held((source) => source.blendShapes) - sum(facts.objects.map(({ shapeKeys }) => shapeKeys));
  const bones = held((source) => source.bones) - sum(facts.objects.map((object) => object.bones));
  const advice = "Export the deformation as a cache: Alembic, or USD.";
  return [
    ...(skins > 0
      ? major(
          "skinning",
          "Skinning has not come in: these meshes do not deform.",
          [`${skins} of them`],
          advice,
        )
      : []),
    ...(shapes > 0
      ? major("blend-shapes", "Blend shapes have not come in.", [`${shapes} of them`], advice)
      : []),
    ...(bones > 0 ? minor("joints", "Joints have not come in.", [`${bones} of them`], advice) : []),
  ];
};

const checkAnimation: Rule = ({ request, facts, sources }) => {
  const { frames, fps } = request.facts;
  const isFast = request.assemble === "fbx" && Math.abs(facts.fps - fps) > 0.01;
  const layered = [...sources.values()].some(({ animationLayers }) => animationLayers > 1);
  // USD and Alembic move by caches, which have no keys.
  const isStill = sources.size > 0 && facts.animation === null && frames.end > frames.start;
  return [
    ...(isFast
      ? major(
          "frame-rate",
          `The export has ${facts.fps} frames per second, the Maya scene ${fps}: motion is not in step.`,
          [],
          "Export again.",
        )
      : []),
    ...(layered
      ? major(
          "animation-layers",
          "Animation layers are not blended.",
          [],
          "Bake them into one before the export.",
        )
      : []),
    ...(isStill
      ? minor(
          "no-animation",
          "Nothing moves: all frames look the same.",
          [],
          "If something should, bake it before the export.",
        )
      : []),
  ];
};

const checkConstraints: Rule = ({ sources }) => {
  const constraints = [...sources.values()].flatMap((source) => source.constraints);
  return constraints.length === 0
    ? []
    : minor(
        "constraints",
        "Constraints have not come in. What they move stands still unless it was baked.",
        constraints.map(({ name, type }) => `${name} (${type})`),
        "Bake them before the export.",
      );
};

const checkImporterWarnings: Rule = ({ report, sources }) => {
  // Those of materials are told above, by what they mean.
  const others = report.importerWarnings.filter(
    (line) => sources.size === 0 || !/material link .* ignored/.test(line),
  );
  return others.length === 0
    ? []
    : minor(
        "importer-warning",
        "The importer has complained.",
        others,
        "Compare one frame before you render all.",
      );
};

const RULES: readonly Rule[] = [
  checkGeometry,
  checkVisibility,
  checkUnread,
  checkCamera,
  checkLight,
  checkProjection,
  checkRotatedAxes,
  checkLightTypes,
  checkMaterials,
  checkShaders,
  checkTextures,
  checkMayaTextures,
  checkDeformation,
  checkAnimation,
  checkKeys,
  checkConstraints,
  checkDiffuseWeights,
  checkClassicShaders,
  checkUnreadSources,
  checkBareObjects,
  checkLightEnergy,
  checkImporterWarnings,
];

const namesOf = (items: readonly { readonly name: string }[]) => items.map(({ name }) => name);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
