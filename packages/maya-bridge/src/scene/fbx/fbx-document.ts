import { type FbxCurve, readCurve } from "./fbx-curve.ts";
import { type FbxNode, type FbxValue, openFbx } from "./fbx-nodes.ts";

/** The objects of an FBX file, and their connections. */
export interface FbxDocument {
  readonly version: number;
  readonly objects: ReadonlyMap<string, FbxObject>;
  readonly childrenOf: (id: string) => readonly Link[];
  readonly parentsOf: (id: string) => readonly Link[];
  /** Contents other than objects that the FBX of a scene does not have. */
  readonly oddities: readonly string[];
}

/** Its name, or else the name of the object that it belongs to. */
export function ownerName(document: FbxDocument, { id, name }: FbxObject, depth = 0): string {
  if (name !== "" || depth > MAX_OWNERS) return name;
  const owners = document.parentsOf(id).flatMap(({ parent }) => document.objects.get(parent) ?? []);
  return owners.map((owner) => ownerName(document, owner, depth + 1)).find(Boolean) ?? "";
}

export interface FbxObject {
  readonly id: string;
  /** `Model`, `Geometry`, … */
  readonly kind: string;
  readonly name: string;
  /** `Mesh`, `Light`, `Camera`, `Skin`, … */
  readonly type: string;
  /** By name. Numbers only. */
  readonly properties: ReadonlyMap<string, readonly number[]>;
  /** Names of the properties that the artist, or a tool, has added. */
  readonly userProperties: ReadonlySet<string>;
  /** Its child nodes by name, each with its first value: `ShadingModel`, `Smoothness`, `LayerElementUV`. */
  readonly details: ReadonlyMap<string, FbxValue>;
  /** For animation curves only. */
  readonly curve: FbxCurve | undefined;
}

interface Link {
  readonly child: string;
  readonly parent: string;
  /** The property of the parent; empty if the objects themselves are linked. */
  readonly property: string;
}

/** `P: name, type, label, flags, values…` */
const FLAGS = 3;
const FIRST_PROPERTY_VALUE = 4;
/** A cluster, its skin, its geometry, the model. A longer chain is a cycle. */
const MAX_OWNERS = 8;
const TOP_LEVEL = [
  "FBXHeaderExtension",
  "FileId",
  "CreationTime",
  "Creator",
  "GlobalSettings",
  "Documents",
  "References",
  "Definitions",
  "Objects",
  "Connections",
  "Takes",
];

/** @returns undefined when the file is not a binary FBX */
export async function readFbxDocument(path: string): Promise<FbxDocument | undefined> {
  await using file = await openFbx(path);
  if (!file) return undefined;
  const objects = new Map<string, FbxObject>();
  const links: Link[] = [];
  const oddities: string[] = [];
  for await (const node of file.nodes()) {
    if (!TOP_LEVEL.includes(node.name)) oddities.push(node.name);
    for await (const child of node.name === "Takes" ? [] : node.children()) {
      if (node.name === "Objects") await addObject(child, objects);
      else if (node.name === "Connections") addLink(child, links);
      else if (node.name === "References") oddities.push(`reference ${child.values[0] ?? ""}`.trim());
    }
  }
  const byParent = Map.groupBy(links, ({ parent }) => parent);
  const byChild = Map.groupBy(links, ({ child }) => child);
  return {
    version: file.version,
    objects,
    childrenOf: (id) => byParent.get(id) ?? [],
    parentsOf: (id) => byChild.get(id) ?? [],
    oddities,
  };
}

async function addObject(node: FbxNode, objects: Map<string, FbxObject>): Promise<void> {
  const [id, name, type] = node.values;
  const properties = new Map<string, readonly number[]>();
  const userProperties = new Set<string>();
  const details = new Map<string, FbxValue>();
  for await (const child of node.children()) {
    if (child.name !== "Properties70") {
      details.set(child.name, child.values[0] ?? null);
      continue;
    }
    for await (const { values } of child.children()) {
      const property = String(values[0]);
      properties.set(property, numbers(values.slice(FIRST_PROPERTY_VALUE)));
      if (String(values[FLAGS]).includes("U")) userProperties.add(property);
    }
  }
  objects.set(String(id), {
    id: String(id),
    kind: node.name,
    // Name and class are stored together, with a zero and a one in between.
    name: String(name ?? "").split("\0")[0] ?? "",
    type: String(type ?? ""),
    properties,
    userProperties,
    details,
    curve: node.name === "AnimationCurve" ? await readCurve(node) : undefined,
  });
}

function addLink({ name, values }: FbxNode, links: Link[]): void {
  const [, child, parent, property] = values;
  // "PP" links a property to a property. Its effects were exported as well.
  if (name !== "C" || values[0] === "PP") return;
  links.push({ child: String(child), parent: String(parent), property: String(property ?? "") });
}

const numbers = (values: readonly FbxValue[]) => values.filter((value) => typeof value === "number");
