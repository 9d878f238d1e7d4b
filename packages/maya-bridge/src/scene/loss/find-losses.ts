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
/** A rule for each thing that may get lost; the worst first. */
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
        "Nothing is visible: no mesh, curve or volume was imported.",
        [],
        "Check what was exported.",
      );

const checkCamera: Rule = ({ facts }) =>
  facts.cameras.length > 0
    ? []
    : major(
        "no-camera",
        "There is no camera. A camera that sees everything was added.",
        [],
        'Export a camera: make it renderable in Maya, or add it to groups={"camera": [node]}.',
      );

const checkLight: Rule = ({ facts }) =>
  facts.lights.some(({ isHidden }) => !isHidden)
    ? []
    : major(
        "no-light",
        "There is no light. A sun and a gray sky were added.",
        [],
        `Export lights. ${IN_BLENDER}`,
      );

const checkProjection: Rule = ({ facts, sources }) => {
  const flat = [...sources.values()].flatMap(({ cameras }) =>
    cameras.filter(({ isOrthographic }) => isOrthographic),
  );
  const others = sources.size === 0 ? facts.cameras.filter(({ isOrthographic }) => isOrthographic) : [];
  const names = namesOf([...flat, ...others]);
  const message = "The width of an orthographic camera is not exported: Blender guesses it.";
  return names.length === 0 ? [] : major("camera-projection", message, names, IN_BLENDER);
};

const checkRotatedAxes: Rule = ({ sources, report }) => {
  const names = [...sources.values()].flatMap(({ rotatedAxes }) => rotatedAxes);
  const message = "Objects have a rotate axis, which Blender's add-on applies incorrectly.";
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
    : major("light-type", "Lights were imported as other types or not at all.", changed, IN_BLENDER);
};

const checkLightEnergy: Rule = ({ facts }) => {
  if (facts.lights.length === 0) return [];
  const lights = facts.lights.map(
    ({ name, type, energy }) => `${name}: ${Number(energy.toPrecision(4))} ${type === "SUN" ? "W/m²" : "W"}`,
  );
  const message =
    "The energy of lights is a guess: Maya and Blender measure it differently, and decay and exposure are not exported.";
  return minor("light-energy", message, lights, "Compare one frame before you render them all.");
};

const checkMaterials: Rule = ({ report }) => {
  const incomplete = report.materials.filter(({ lost }) => lost.length > 0);
  if (incomplete.length === 0) return [];
  return major(
    "material-inputs",
    "Materials were imported without some of their colors, values and textures.",
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
  const message = "Maya's diffuse weight is not applied, so the color is too bright.";
  return brighter.length === 0 ? [] : minor("material-weight", message, brighter, IN_BLENDER);
};

const checkClassicShaders: Rule = ({ report }) => {
  const classic = report.materials.filter(({ mayaType }) => mayaType === "lambert" || mayaType === "phong");
  if (classic.length === 0) return [];
  const message =
    "Lambert, Phong and Blinn became a Principled BSDF: highlights and reflections look different.";
  const subjects = classic.map(({ name, mayaType }) => `${name} (${mayaType})`);
  return minor("material-approximated", message, subjects, "Compare one frame before you render them all.");
};

/** The contents of exports other than FBX are not known, so only what was imported can be reported. */
const checkUnreadSources: Rule = ({ files, sources, report }) =>
  files.every((file) => sources.has(file))
    ? []
    : minor(
        "unchecked",
        `What was lost is not known for ${report.format.toUpperCase()} files; shading networks and Arnold's own inputs are not exported.`,
        report.materials.map(({ name, textures }) => `${name}: ${textures.join("; ") || "no texture"}`),
        "Compare one frame before you render them all.",
      );

const checkVisibility: Rule = ({ unclear }) =>
  unclear.length === 0
    ? []
    : major(
        "visibility",
        "Several objects share a name, and some of them are hidden in Maya: all of them are rendered.",
        unclear,
        "Give them different names, and export again.",
      );

const checkBareObjects: Rule = ({ facts }) => {
  const bare = facts.objects.filter(
    ({ type, materials, isHidden }) => type === "MESH" && materials.length === 0 && !isHidden,
  );
  return bare.length === 0
    ? []
    : minor(
        "object-without-material",
        "Objects have no material: they render gray.",
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
          "Embed them in the export.",
        )
      : []),
    ...(unused.length > 0
      ? major(
          "texture-unused",
          "Textures were imported but are not connected to anything.",
          unused,
          IN_BLENDER,
        )
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
    : major("texture-left-in-maya", "Textures of the Maya scene were not imported.", left, IN_BLENDER);
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
          "Skinning was not imported: these meshes do not deform.",
          [`${skins} of them`],
          advice,
        )
      : []),
    ...(shapes > 0
      ? major("blend-shapes", "Blend shapes were not imported.", [`${shapes} of them`], advice)
      : []),
    ...(bones > 0 ? minor("joints", "Joints were not imported.", [`${bones} of them`], advice) : []),
  ];
};

const checkAnimation: Rule = ({ request, facts, sources }) => {
  const { frames, fps } = request.facts;
  const isFast = request.assemble === "fbx" && Math.abs(facts.fps - fps) > 0.01;
  const layered = [...sources.values()].some(({ animationLayers }) => animationLayers > 1);
  // USD and Alembic animate with caches, which have no keys.
  const isStill = sources.size > 0 && facts.animation === null && frames.end > frames.start;
  return [
    ...(isFast
      ? major(
          "frame-rate",
          `The export has ${facts.fps} frames per second, but the Maya scene has ${fps}: motion has the wrong speed.`,
          [],
          "Export again.",
        )
      : []),
    ...(layered
      ? major(
          "animation-layers",
          "Animation layers are not blended.",
          [],
          "Merge them into one before the export.",
        )
      : []),
    ...(isStill
      ? minor(
          "no-animation",
          "Nothing moves: all frames look the same.",
          [],
          "If something should move, bake it before the export.",
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
        "Constraints were not imported. What they drive does not move unless it was baked.",
        constraints.map(({ name, type }) => `${name} (${type})`),
        "Bake them before the export.",
      );
};

const checkImporterWarnings: Rule = ({ report, sources }) => {
  // Those of materials are reported above, by their meaning.
  const others = report.importerWarnings.filter(
    (line) => sources.size === 0 || !/material link .* ignored/.test(line),
  );
  return others.length === 0
    ? []
    : minor(
        "importer-warning",
        "The importer printed warnings.",
        others,
        "Compare one frame before you render them all.",
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
