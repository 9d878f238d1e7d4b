import { type FbxDocument, type FbxObject, ownerName } from "./fbx-document.ts";
import { isNeverSeen, type ModelVisibility } from "./fbx-visibility.ts";

/** What an FBX may contain that Blender does not read, or reads as something else. */
export type UnreadKind =
  | "surfaces"
  | "curves"
  | "lod-groups"
  | "smooth-meshes"
  | "vertex-caches"
  | "skin-method"
  | "skin-transforms"
  | "scale-inheritance"
  | "stereo-cameras"
  | "takes"
  | "unknown-content";

export interface Unread {
  readonly kind: UnreadKind;
  /** What it is about, in the artist's words. */
  readonly subject: string;
}

/**
 * What happens to an object, by its kind and type, or by its kind alone. Anything else is unknown and counts as lost.
 * `read`: Blender reads it, or it is not visible, or one of the loss rules covers it.
 */
const CONTENT: Readonly<Record<string, UnreadKind | "read">> = {
  "Model/Mesh": "read",
  "Model/Null": "read",
  "Model/LimbNode": "read",
  "Model/Limb": "read",
  "Model/Root": "read",
  "Model/Camera": "read",
  "Model/CameraSwitcher": "read",
  "Model/Light": "read",
  "Model/NurbsSurface": "surfaces",
  "Model/TrimNurbsSurface": "surfaces",
  "Model/Patch": "surfaces",
  "Model/NurbsCurve": "curves",
  "Model/Line": "curves",
  "Model/LodGroup": "lod-groups",
  "Model/CameraStereo": "stereo-cameras",
  "Geometry/Mesh": "read",
  "Geometry/Shape": "read",
  // Their models are reported.
  "Geometry/NurbsSurface": "read",
  "Geometry/TrimNurbsSurface": "read",
  "Geometry/Patch": "read",
  "Geometry/Boundary": "read",
  "Geometry/NurbsCurve": "read",
  "Geometry/Line": "read",
  "NodeAttribute/Null": "read",
  "NodeAttribute/LimbNode": "read",
  "NodeAttribute/Limb": "read",
  "NodeAttribute/Root": "read",
  "NodeAttribute/Camera": "read",
  "NodeAttribute/CameraStereo": "read",
  "NodeAttribute/CameraSwitcher": "read",
  "NodeAttribute/Light": "read",
  "NodeAttribute/LodGroup": "read",
  Material: "read",
  Implementation: "read",
  BindingTable: "read",
  BindingOperator: "read",
  Texture: "read",
  Video: "read",
  // Their materials are reported.
  LayeredTexture: "read",
  "Deformer/Skin": "read",
  "Deformer/Cluster": "read",
  "Deformer/BlendShape": "read",
  "Deformer/BlendShapeChannel": "read",
  "Deformer/VertexCacheDeformer": "vertex-caches",
  Cache: "vertex-caches",
  Pose: "read",
  Constraint: "read",
  AnimationStack: "read",
  AnimationLayer: "read",
  AnimationCurveNode: "read",
  AnimationCurve: "read",
  "CollectionExclusive/DisplayLayer": "read",
  SelectionSet: "read",
  SelectionNode: "read",
  SceneInfo: "read",
  Audio: "read",
  AudioLayer: "read",
};
/** Known contents of a mesh or a shape. */
const MESH_PARTS = [
  "Properties70",
  "Version",
  "Type",
  "Vertices",
  "PolygonVertexIndex",
  "Edges",
  "Indexes",
  "Normals",
  "GeometryVersion",
  "LayerElementNormal",
  "LayerElementBinormal",
  "LayerElementTangent",
  "LayerElementUV",
  "LayerElementColor",
  "LayerElementMaterial",
  "LayerElementTexture",
  "LayerElementSmoothing",
  "LayerElementEdgeCrease",
  "LayerElementUserData",
  "LayerElementPolygonGroup",
  "Layer",
  "Smoothness",
  "PreviewDivisionLevels",
  "RenderDivisionLevels",
  "DisplaySubdivisions",
  "BoundaryRule",
  "PreserveBorders",
  "PreserveHardEdges",
  "PropagateEdgeHardness",
];
const PLAIN_SKINNING = ["Linear", "Rigid"];
/** How a child inherits its parent's scale: the only way that Blender supports. */
const FULL_INHERITANCE = 1;

export function findUnread(
  document: FbxDocument,
  visibility: ReadonlyMap<string, ModelVisibility>,
): Unread[] {
  const all = [...document.objects.values()].filter(({ id }) => {
    const model = visibility.get(id);
    return !(model && isNeverSeen(model));
  });
  const stacks = all.filter(({ kind }) => kind === "AnimationStack");
  const unread = [
    ...all.flatMap((object) => findIn(document, object)),
    ...(stacks.length > 1 ? stacks.map(({ name }): Unread => ({ kind: "takes", subject: name })) : []),
    ...document.oddities.map((subject): Unread => ({ kind: "unknown-content", subject })),
  ];
  // Each only once: a surface has several parts, and a character many shapes.
  return [...new Map(unread.map((entry) => [`${entry.kind} ${entry.subject}`, entry])).values()];
}

function findIn(document: FbxDocument, object: FbxObject): Unread[] {
  const { kind, type, details } = object;
  const name = ownerName(document, object);
  const is = (wanted: UnreadKind, holds: boolean, subject = name): Unread[] =>
    holds ? [{ kind: wanted, subject }] : [];
  const fate = CONTENT[`${kind}/${type}`] ?? CONTENT[kind];
  const found =
    fate === undefined
      ? is("unknown-content", true, `${name} (${[kind, type].filter(Boolean).join(" ")})`)
      : fate === "read"
        ? []
        : is(fate, true);
  switch (`${kind}/${type}`) {
    case "Geometry/Mesh":
    case "Geometry/Shape": {
      const odd = [...details.keys()].filter((part) => !MESH_PARTS.includes(part));
      return [
        ...found,
        ...is("smooth-meshes", Number(details.get("Smoothness") ?? 0) > 0),
        ...odd.flatMap((part) => is("unknown-content", true, `${name}: ${part}`)),
      ];
    }
    case "Deformer/Skin":
      return [
        ...found,
        ...is("skin-method", !PLAIN_SKINNING.includes(String(details.get("SkinningType") ?? "Linear"))),
        ...is(
          "skin-transforms",
          skinnedModels(document, object).some((model) => isMoved(document, model)),
        ),
      ];
    case "Model/Null":
    case "Model/LimbNode":
    case "Model/Mesh":
      return [...found, ...is("scale-inheritance", losesScale(document, object))];
    default:
      return found;
  }
}

function skinnedModels({ parentsOf, objects }: FbxDocument, { id }: FbxObject): FbxObject[] {
  return parentsOf(id)
    .flatMap(({ parent }) => parentsOf(parent))
    .flatMap(({ parent }) => objects.get(parent) ?? []);
}

/** In Maya a skin follows its joints and ignores the mesh's own motion; in Blender both add up. */
function isMoved(document: FbxDocument, model: FbxObject): boolean {
  return curvesOf(document, model, /^Lcl /).some(({ isMoving }) => isMoving);
}

/** In Maya a joint can ignore the scale of its parent joint ("segment scale compensate"). */
function losesScale(document: FbxDocument, model: FbxObject): boolean {
  const inheritance = model.properties.get("InheritType")?.[0] ?? FULL_INHERITANCE;
  if (inheritance === FULL_INHERITANCE) return false;
  return document
    .parentsOf(model.id)
    .flatMap(({ parent }) => document.objects.get(parent) ?? [])
    .filter(({ kind }) => kind === "Model")
    .some(
      (parent) =>
        parent.properties.get("Lcl Scaling")?.some((scale) => Math.abs(scale - 1) > 0.001) ||
        curvesOf(document, parent, /^Lcl Scaling$/).some(({ isMoving }) => isMoving),
    );
}

function curvesOf({ childrenOf, objects }: FbxDocument, { id }: FbxObject, property: RegExp) {
  return childrenOf(id)
    .filter((link) => property.test(link.property))
    .flatMap(({ child }) => childrenOf(child))
    .flatMap(({ child }) => objects.get(child)?.curve ?? []);
}
