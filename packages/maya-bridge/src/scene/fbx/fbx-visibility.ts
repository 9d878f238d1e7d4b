import type { Switch } from "./fbx-curve.ts";
import type { FbxDocument, FbxObject } from "./fbx-document.ts";

/** When a model is visible. */
export interface ModelVisibility {
  /** Names from the topmost group down to the model itself. */
  readonly path: readonly string[];
  /** Its visibility at first and at each change; a single entry means always. */
  readonly visibility: readonly Switch[];
}

const ALWAYS: readonly Switch[] = [{ seconds: 0, isOn: true }];
const NEVER: readonly Switch[] = [{ seconds: 0, isOn: false }];
/** For a level of detail: 0 by distance, 1 show, 2 hide. */
const HIDDEN_LEVEL = 2;

/** Models that are not always visible, and others with the same name, so that they can be told apart. */
export function findHidden(all: readonly ModelVisibility[]): ModelVisibility[] {
  const hidden = all.filter(({ visibility }) => visibility.length > 1 || isNeverSeen({ visibility }));
  const names = new Set(hidden.map(({ path }) => path.at(-1)));
  return all.filter(({ path }) => names.has(path.at(-1)));
}

/**
 * The visibility of all models, by their ids. Maya hides a node by its own visibility or that of a parent, by display
 * layers, and by levels of detail that are switched off.
 */
export function readVisibility(document: FbxDocument): ReadonlyMap<string, ModelVisibility> {
  const known = new Map<string, ModelVisibility>();
  for (const object of document.objects.values())
    if (object.kind === "Model") visibilityOf(document, object, known);
  return known;
}

export function isNeverSeen({ visibility }: Pick<ModelVisibility, "visibility">): boolean {
  return visibility.length === 1 && visibility[0]?.isOn === false;
}

function visibilityOf(
  document: FbxDocument,
  model: FbxObject,
  known: Map<string, ModelVisibility>,
): ModelVisibility {
  const found = known.get(model.id);
  if (found) return found;
  // In case groups contain each other.
  known.set(model.id, { path: [model.name], visibility: ALWAYS });
  const parent = parentModel(document, model);
  const above = parent && visibilityOf(document, parent, known);
  const inherits = model.properties.get("Visibility Inheritance")?.[0] !== 0;
  const visibility = both(
    ownVisibility(document, model, parent),
    above && inherits ? above.visibility : ALWAYS,
  );
  const result = { path: [...(above?.path ?? []), model.name], visibility };
  known.set(model.id, result);
  return result;
}

function parentModel({ parentsOf, objects }: FbxDocument, { id }: FbxObject): FbxObject | undefined {
  return parentsOf(id)
    .map(({ parent }) => objects.get(parent))
    .find((object) => object?.kind === "Model");
}

function ownVisibility(
  document: FbxDocument,
  model: FbxObject,
  parent: FbxObject | undefined,
): readonly Switch[] {
  if (isOff(model, "Show") || isInHiddenLayer(document, model) || isHiddenLevel(document, model, parent))
    return NEVER;
  // Keys take precedence over the static value.
  const keyed = document
    .childrenOf(model.id)
    .filter(({ property }) => property === "Visibility")
    .flatMap(({ child }) => document.childrenOf(child))
    .flatMap(({ child }) => document.objects.get(child)?.curve?.switches ?? []);
  if (keyed.length > 0) return keyed;
  return isOff(model, "Visibility") ? NEVER : ALWAYS;
}

const isOff = ({ properties }: FbxObject, name: string) => properties.get(name)?.[0] === 0;

function isInHiddenLayer({ parentsOf, objects }: FbxDocument, { id }: FbxObject): boolean {
  return parentsOf(id)
    .flatMap(({ parent }) => objects.get(parent) ?? [])
    .some((object) => object.type === "DisplayLayer" && isOff(object, "Show"));
}

function isHiddenLevel(
  { childrenOf, objects }: FbxDocument,
  model: FbxObject,
  parent: FbxObject | undefined,
): boolean {
  if (parent?.type !== "LodGroup") return false;
  const children = childrenOf(parent.id).map(({ child }) => objects.get(child));
  const levels = children.filter((object) => object?.kind === "Model");
  const settings = children.find((object) => object?.kind === "NodeAttribute")?.properties;
  return settings?.get(`DisplayLevels|Level${levels.indexOf(model)}`)?.[0] === HIDDEN_LEVEL;
}

/** Visible when both are. */
function both(one: readonly Switch[], other: readonly Switch[]): readonly Switch[] {
  const moments = [...new Set([...one, ...other].map(({ seconds }) => seconds))].sort((a, b) => a - b);
  const switches = moments.map((seconds) => ({
    seconds,
    isOn: stateAt(one, seconds) && stateAt(other, seconds),
  }));
  return switches.filter(({ isOn }, index) => isOn !== switches[index - 1]?.isOn);
}

/** Before the first key, the first key's value holds. */
function stateAt(switches: readonly Switch[], seconds: number): boolean {
  return (switches.findLast((other) => other.seconds <= seconds) ?? switches[0])?.isOn ?? true;
}
