import type { FbxCurve } from "./fbx-curve.ts";
import { type FbxDocument, ownerName, readFbxDocument } from "./fbx-document.ts";
import { findUnread, type Unread } from "./fbx-unread.ts";
import { findHidden, type ModelVisibility, readVisibility } from "./fbx-visibility.ts";

/** The contents of an FBX file that may get lost on the way to Blender. */
export interface FbxFacts {
  readonly version: number;
  readonly meshes: number;
  readonly cameras: readonly FbxCamera[];
  readonly lights: readonly FbxLight[];
  readonly materials: readonly FbxMaterial[];
  readonly constraints: readonly { readonly name: string; readonly type: string }[];
  readonly skins: number;
  readonly bones: number;
  readonly blendShapes: number;
  /** Blend shapes with in-betweens. */
  readonly inBetweens: number;
  readonly audioClips: number;
  readonly animationLayers: number;
  /** Names of cameras and lights with a post-rotation, which turns them from Maya's axis to FBX's. */
  readonly turned: readonly string[];
  /** Other objects with a post-rotation, which is Maya's "rotate axis". */
  readonly rotatedAxes: readonly string[];
  /** Objects that are not always visible, and those that share their names. */
  readonly hidden: readonly ModelVisibility[];
  /** Animated properties. */
  readonly moving: readonly MovingProperty[];
  /** What Blender does not read, and what this version does not know. */
  readonly unread: readonly Unread[];
}

interface MovingProperty {
  /** Of the model, the material, … */
  readonly name: string;
  /** `Lcl Rotation`, `DeformPercent`, … */
  readonly property: string;
  readonly curve: FbxCurve;
}

interface FbxCamera {
  readonly name: string;
  readonly isOrthographic: boolean;
}

interface FbxLight {
  readonly name: string;
  readonly type: "point" | "directional" | "spot" | "area" | "volume";
  readonly intensity: number;
}

export interface FbxMaterial {
  readonly name: string;
  /** `lambert`, `phong`; `unknown` for Arnold and the standard surface. */
  readonly shadingModel: string;
  /** By name, such as `DiffuseColor` or `Maya|baseColor`. Numbers only. */
  readonly properties: ReadonlyMap<string, readonly number[]>;
  /** Paths of the textures at its properties. */
  readonly textures: ReadonlyMap<string, string>;
  /** Properties with several textures. */
  readonly layeredTextures: readonly string[];
}

const LIGHT_TYPES = ["point", "directional", "spot", "area", "volume"] as const;
const DEFAULT_INTENSITY = 100;

/** @returns undefined when the file is not a binary FBX */
export async function readFbxFacts(path: string): Promise<FbxFacts | undefined> {
  const document = await readFbxDocument(path);
  return document && describe(document);
}

function describe(document: FbxDocument): FbxFacts {
  const { version, objects, childrenOf } = document;
  const visibility = readVisibility(document);
  const ofKind = (kind: string) => [...objects].filter(([, object]) => object.kind === kind);
  const ofType = (kind: string, type: string) => ofKind(kind).filter(([, object]) => object.type === type);
  /** Settings of lights and cameras are in a separate node, below the one with the name. */
  const attributeOf = (id: string) =>
    childrenOf(id)
      .map(({ child }) => objects.get(child))
      .find((object) => object?.kind === "NodeAttribute")?.properties;
  const shapesOf = (id: string) =>
    childrenOf(id).filter(({ child }) => objects.get(child)?.kind === "Geometry");
  const postRotated = ofKind("Model").filter(([, { properties }]) =>
    properties.get("PostRotation")?.some((angle) => angle !== 0),
  );
  const isTurned = ([, { type }]: (typeof postRotated)[number]) =>
    ["Camera", "CameraStereo", "Light"].includes(type);
  const nameOf = ([, { name }]: (typeof postRotated)[number]) => name;
  return {
    version,
    meshes: ofType("Model", "Mesh").length,
    cameras: ofType("Model", "Camera").map(([id, { name }]) => ({
      name,
      isOrthographic: attributeOf(id)?.get("CameraProjectionType")?.[0] === 1,
    })),
    lights: ofType("Model", "Light").map(([id, { name }]) => ({
      name,
      type: LIGHT_TYPES[attributeOf(id)?.get("LightType")?.[0] ?? 0] ?? "point",
      intensity: attributeOf(id)?.get("Intensity")?.[0] ?? DEFAULT_INTENSITY,
    })),
    materials: ofKind("Material").map(([id, { name, properties, details }]) => ({
      name,
      shadingModel: String(details.get("ShadingModel") ?? ""),
      properties,
      textures: new Map(
        childrenOf(id).flatMap(({ child, property }) => {
          const texture = objects.get(child);
          return texture?.kind === "Texture"
            ? [[property, String(texture.details.get("RelativeFilename") ?? "")] as const]
            : [];
        }),
      ),
      layeredTextures: childrenOf(id).flatMap(({ child, property }) =>
        objects.get(child)?.kind === "LayeredTexture" ? [property] : [],
      ),
    })),
    constraints: ofKind("Constraint").map(([, { name, type }]) => ({ name, type })),
    skins: ofType("Deformer", "Skin").length,
    bones: ofType("Model", "LimbNode").length,
    blendShapes: ofType("Deformer", "BlendShapeChannel").length,
    inBetweens: ofType("Deformer", "BlendShapeChannel").filter(([id]) => shapesOf(id).length > 1).length,
    audioClips: [...objects.values()].filter(({ kind }) => kind.startsWith("Audio")).length,
    animationLayers: ofKind("AnimationLayer").length,
    turned: postRotated.filter(isTurned).map(nameOf),
    rotatedAxes: postRotated.filter((model) => !isTurned(model)).map(nameOf),
    hidden: findHidden([...visibility.values()]),
    moving: findMoving(document),
    unread: findUnread(document, visibility),
  };
}

/** Without properties that artists and tools have added, which are not visible. */
function findMoving(document: FbxDocument): MovingProperty[] {
  const { objects, childrenOf, parentsOf } = document;
  const nodes = [...objects.values()].filter(({ kind }) => kind === "AnimationCurveNode");
  return nodes.flatMap(({ id }) => {
    const curves = childrenOf(id).flatMap(({ child }) => objects.get(child)?.curve ?? []);
    const targets = parentsOf(id).flatMap(({ parent, property }) => {
      const target = objects.get(parent);
      return target && property !== "" && !target.userProperties.has(property)
        ? [{ name: ownerName(document, target), property }]
        : [];
    });
    return targets.flatMap((target) =>
      curves.filter(({ isMoving }) => isMoving).map((curve) => ({ ...target, curve })),
    );
  });
}
