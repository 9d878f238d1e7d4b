import type { FbxFacts, FbxMaterial } from "../fbx/fbx-facts.ts";
import type { ImportedMaterial, ImportFacts, MaterialInput } from "./import-facts.ts";
import type { MaterialReport } from "./loss-report.ts";

const MAYA = "Maya|";
/** Smaller differences are not visible. */
const TOLERANCE = 0.01;

/** The input of Blender's Principled BSDF for each property, by its names in old and new versions. */
const INPUTS: Readonly<Record<string, readonly string[]>> = {
  // Lambert, Phong and Blinn.
  DiffuseColor: ["Base Color"],
  EmissiveColor: ["Emission Color", "Emission"],
  EmissiveFactor: ["Emission Strength"],
  TransparentColor: ["Alpha"],
  TransparencyFactor: ["Alpha"],
  SpecularColor: ["Specular Tint", "Specular IOR Level", "Specular"],
  SpecularFactor: ["Specular IOR Level", "Specular"],
  ReflectionColor: ["Metallic"],
  ReflectionFactor: ["Metallic"],
  Opacity: ["Alpha"],
  ShininessExponent: ["Roughness"],
  NormalMap: ["Normal"],
  Bump: ["Normal"],
  // Arnold's and the standard surface.
  baseColor: ["Base Color"],
  base: ["Base Color"],
  metalness: ["Metallic"],
  specular: ["Specular IOR Level", "Specular"],
  specularColor: ["Specular Tint"],
  specularRoughness: ["Roughness"],
  diffuseRoughness: ["Diffuse Roughness"],
  transmission: ["Transmission Weight", "Transmission"],
  subsurface: ["Subsurface Weight", "Subsurface"],
  sheen: ["Sheen Weight", "Sheen"],
  coat: ["Coat Weight", "Clearcoat"],
  coatRoughness: ["Coat Roughness", "Clearcoat Roughness"],
  emissionColor: ["Emission Color", "Emission"],
  emission: ["Emission Strength"],
  opacity: ["Alpha"],
  normalCamera: ["Normal"],
};
const CLASSIC = ["lambert", "phong", "blinn"];
/** Weights of the standard surface that have no effect at 0. */
const WEIGHTS = ["transmission", "subsurface", "sheen", "coat"];

/** What each material became. What it was is only known for FBX, since the other formats are not read here. */
export function reportMaterials(
  facts: ImportFacts,
  sources: ReadonlyMap<string, FbxFacts>,
): MaterialReport[] {
  return facts.materials.map((material) => {
    const source = sources.get(material.file)?.materials.find(({ name }) => isNamed(material.name, name));
    return {
      name: material.name,
      mayaType: source ? typeOf(source) : null,
      shader: material.shader,
      textures: Object.entries(material.inputs).flatMap(([input, { images }]) =>
        images && images.length > 0 ? [`${input}: ${fileNames(images, facts).join(", ")}`] : [],
      ),
      lost: source ? findLost(source, material, facts) : [],
    };
  });
}

/** Blender numbers names that exist already, and truncates long ones. */
export function isNamed(inBlender: string, inMaya: string): boolean {
  const bare = inBlender.replace(/\.\d{3}$/, "");
  return inBlender === inMaya || bare === inMaya || (bare.length > 50 && inMaya.startsWith(bare));
}

const isStandardSurface = ({ properties }: FbxMaterial) => properties.has(`${MAYA}baseColor`);

const isKnown = (source: FbxMaterial) =>
  isStandardSurface(source) || CLASSIC.includes(source.shadingModel.toLowerCase());

function typeOf(source: FbxMaterial): string {
  return isStandardSurface(source) ? "Arnold or standard surface" : source.shadingModel;
}

function findLost(source: FbxMaterial, material: ImportedMaterial, facts: ImportFacts): string[] {
  const textured = [...source.textures]
    .filter(([property, path]) => !carries(inputOf(material, property), path, facts))
    .map(([property, path]) => `${bare(property)}: ${fileName(path)}`);
  const layered = source.layeredTextures.map((property) => `${bare(property)}: a layered texture`);
  const unknown = isKnown(source) ? [] : ["all of it: this version does not know this kind of material"];
  return [...unknown, ...textured, ...layered, ...findLostValues(source, material)];
}

function findLostValues(source: FbxMaterial, material: ImportedMaterial): string[] {
  const isPlain = (property: string) => !source.textures.has(property);
  const expected = isStandardSurface(source) ? standardValues(source) : classicValues(source);
  return expected
    .filter(
      ({ properties, input, value }) =>
        properties.every(isPlain) && !isClose(inputOf(material, input), value),
    )
    .map(({ properties: [name = ""], value }) => `${bare(name)}: ${value.map(short).join(" ")}`);
}

interface ExpectedValue {
  /** The first one provides the name. */
  readonly properties: readonly string[];
  readonly input: string;
  readonly value: readonly number[];
}

function standardValues({ properties }: FbxMaterial): ExpectedValue[] {
  const read = (name: string) => properties.get(MAYA + name) ?? [];
  const scalar = (name: string) => read(name)[0] ?? 0;
  const named = (...names: string[]) => names.map((name) => MAYA + name);
  const values: ExpectedValue[] = [
    {
      properties: named("baseColor", "base"),
      input: "baseColor",
      value: read("baseColor").map((value) => value * scalar("base")),
    },
    { properties: named("metalness"), input: "metalness", value: read("metalness") },
    { properties: named("opacity"), input: "opacity", value: read("opacity").slice(0, 1) },
    ...WEIGHTS.filter((weight) => scalar(weight) > 0).map((weight) => ({
      properties: named(weight),
      input: weight,
      value: read(weight),
    })),
  ];
  if (scalar("specular") > 0) {
    values.push({
      properties: named("specularRoughness"),
      input: "specularRoughness",
      value: read("specularRoughness"),
    });
  }
  if (scalar("emission") > 0) {
    values.push({ properties: named("emissionColor"), input: "emissionColor", value: read("emissionColor") });
  }
  return values;
}

/** A missing value is the exporter's default, which the importer knows as well. */
function classicValues({ properties }: FbxMaterial): ExpectedValue[] {
  return [["DiffuseColor"], ["EmissiveColor"], ["Opacity", "TransparentColor", "TransparencyFactor"]].flatMap(
    ([name = "", ...others]) => {
      const value = properties.get(name);
      return value ? [{ properties: [name, ...others], input: name, value }] : [];
    },
  );
}

/** Maya's weight of the diffuse color if it is not 1, since Blender has none. */
export function diffuseWeight({ properties }: FbxMaterial, material: ImportedMaterial): number | undefined {
  const [weight] = properties.get("DiffuseFactor") ?? [];
  const color = properties.get("DiffuseColor") ?? [];
  if (weight === undefined || Math.abs(weight - 1) < TOLERANCE) return undefined;
  const isApplied =
    color.length > 0 &&
    isClose(
      material.inputs["Base Color"],
      color.map((value) => value * weight),
    );
  return isApplied ? undefined : weight;
}

function inputOf({ inputs }: ImportedMaterial, property: string): MaterialInput | undefined {
  const names = INPUTS[bare(property)] ?? [];
  return (
    names.map((name) => inputs[name]).find((input) => input?.images != null) ??
    inputs[names.find((name) => name in inputs) ?? ""]
  );
}

function carries(input: MaterialInput | undefined, path: string, facts: ImportFacts): boolean {
  return fileNames(input?.images ?? [], facts).some(
    (name) => name.toLowerCase() === fileName(path).toLowerCase(),
  );
}

function isClose(input: MaterialInput | undefined, expected: readonly number[]): boolean {
  if (input?.value == null || typeof input.value === "string") return false;
  const actual = [input.value].flat();
  return expected.every((value, index) => Math.abs(value - (actual[index] ?? 0)) < TOLERANCE);
}

function fileNames(images: readonly string[], facts: ImportFacts): string[] {
  return images.map((name) => fileName(facts.images.find((image) => image.name === name)?.path ?? name));
}

const bare = (property: string) => property.replace(MAYA, "");
const short = (value: number) => String(Number(value.toFixed(3)));
/** For paths of any system. */
export const fileName = (path: string) => path.split(/[\\/]/).at(-1) ?? path;
