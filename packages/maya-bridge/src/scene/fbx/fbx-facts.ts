import { type FbxNode, type FbxValue, openFbx } from "./fbx-nodes.ts";

/** What an FBX file holds, as far as it may get lost on the way to Blender. */
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
  /** Blend shapes that pass through several shapes. */
  readonly inBetweens: number;
  readonly audioClips: number;
  readonly animationLayers: number;
  /** Names of cameras and lights with a post-rotation: it turns them from Maya's axis to that of FBX. */
  readonly turned: readonly string[];
  /** Others that have one, which is Maya's "rotate axis". */
  readonly rotatedAxes: readonly string[];
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
  /** `lambert`, `phong`; `unknown` for those of Arnold and the standard surface. */
  readonly shadingModel: string;
  /** By name, such as `DiffuseColor` or `Maya|baseColor`. Numbers only. */
  readonly properties: ReadonlyMap<string, readonly number[]>;
  /** Paths of the textures at its properties. */
  readonly textures: ReadonlyMap<string, string>;
}

const LIGHT_TYPES = ["point", "directional", "spot", "area", "volume"] as const;
const DEFAULT_INTENSITY = 100;
/** `P: name, type, label, flags, values…` */
const FIRST_PROPERTY_VALUE = 4;

/** @returns undefined when the file is no binary FBX */
export async function readFbxFacts(path: string): Promise<FbxFacts | undefined> {
  await using file = await openFbx(path);
  if (!file) return undefined;
  const objects = new Map<string, FbxObject>();
  const links: Link[] = [];
  for await (const node of file.nodes()) {
    if (node.name === "Objects") for await (const child of node.children()) await addObject(child, objects);
    if (node.name === "Connections") for await (const child of node.children()) addLink(child, links);
  }
  return describe(file.version, objects, links);
}

interface FbxObject {
  readonly kind: string;
  readonly name: string;
  /** `Mesh`, `Light`, `Camera`, `Skin`, … */
  readonly type: string;
  readonly properties: ReadonlyMap<string, readonly number[]>;
  readonly fileName: string;
}

interface Link {
  readonly child: string;
  readonly parent: string;
  /** Of the parent; empty where objects as such are linked. */
  readonly property: string;
}

async function addObject(node: FbxNode, objects: Map<string, FbxObject>): Promise<void> {
  const [id, name, type] = node.values;
  // Name and class are kept together, with a zero and a one in between.
  const shownName = String(name ?? "").split("\0")[0] ?? "";
  const properties = new Map<string, readonly number[]>();
  let fileName = "";
  if (["Model", "Material", "NodeAttribute", "Texture"].includes(node.name)) {
    for await (const child of node.children()) {
      if (child.name === "RelativeFilename") fileName = String(child.values[0] ?? "");
      if (child.name !== "Properties70") continue;
      for await (const property of child.children()) {
        properties.set(String(property.values[0]), numbers(property.values.slice(FIRST_PROPERTY_VALUE)));
      }
    }
  }
  const shadingModel = node.name === "Material" ? await readShadingModel(node) : "";
  objects.set(String(id), {
    kind: node.name,
    name: shownName,
    type: shadingModel || String(type ?? ""),
    properties,
    fileName,
  });
}

async function readShadingModel(node: FbxNode): Promise<string> {
  for await (const child of node.children()) {
    if (child.name === "ShadingModel") return String(child.values[0] ?? "");
  }
  return "";
}

function addLink({ name, values }: FbxNode, links: Link[]): void {
  const [, child, parent, property] = values;
  if (name === "C")
    links.push({ child: String(child), parent: String(parent), property: String(property ?? "") });
}

const numbers = (values: readonly FbxValue[]) => values.filter((value) => typeof value === "number");

function describe(
  version: number,
  objects: ReadonlyMap<string, FbxObject>,
  links: readonly Link[],
): FbxFacts {
  const ofKind = (kind: string) => [...objects].filter(([, object]) => object.kind === kind);
  const ofType = (kind: string, type: string) => ofKind(kind).filter(([, object]) => object.type === type);
  const childrenOf = (id: string) => links.filter(({ parent }) => parent === id);
  /** Settings of lights and cameras are in a node of their own, below the one with the name. */
  const attributeOf = (id: string) =>
    childrenOf(id)
      .map(({ child }) => objects.get(child))
      .find((object) => object?.kind === "NodeAttribute")?.properties;
  const shapesOf = (id: string) =>
    childrenOf(id).filter(({ child }) => objects.get(child)?.kind === "Geometry");
  const postRotated = ofKind("Model").filter(([, { properties }]) =>
    properties.get("PostRotation")?.some((angle) => angle !== 0),
  );
  const isTurned = ([, { type }]: (typeof postRotated)[number]) => type === "Camera" || type === "Light";
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
    materials: ofKind("Material").map(([id, { name, type, properties }]) => ({
      name,
      shadingModel: type,
      properties,
      textures: new Map(
        childrenOf(id).flatMap(({ child, property }) => {
          const texture = objects.get(child);
          return texture?.kind === "Texture" ? [[property, texture.fileName] as const] : [];
        }),
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
  };
}
