import type { StructValue } from "../dna/struct-value.ts";
import { damaged } from "../file/damaged.ts";
import type { Datablock } from "../file/datablock.ts";
import { LIMITS } from "../limits.ts";

export const PROPERTY_STRUCTS = ["IDProperty"];

/** A custom property's value. What is neither a text, number, truth value nor group of them is left out. */
type PropertyValue = string | number | boolean | PropertyGroup;
export type PropertyGroup = ReadonlyMap<string, PropertyValue>;

const EMPTY: PropertyGroup = new Map();
const TYPE = { string: 0, int: 1, float: 2, group: 6, double: 8, boolean: 10 } as const;

/** The custom properties in a group, such as the one that `id.properties` points to. @throws BlendFileError if they form a loop */
export function readProperties(datablock: Datablock, address: bigint): PropertyGroup {
  const [group] = datablock.follow(address);
  return group?.layout.name === "IDProperty" ? readGroup(datablock, group, new Set(), 0) : EMPTY;
}

function readGroup(
  datablock: Datablock,
  group: StructValue,
  visited: Set<bigint>,
  depth: number,
): PropertyGroup {
  const looping = () => damaged("has custom properties that form a loop or never end", group.offset);
  if (depth > LIMITS.propertyDepth) throw looping();
  const values = new Map<string, PropertyValue>();
  for (let next = group.pointer("data.group.first"); next !== 0n; ) {
    const [property] = datablock.follow(next);
    if (property?.layout.name !== "IDProperty") break;
    if (visited.has(next) || visited.size > LIMITS.properties) throw looping();
    visited.add(next);
    const value = readValue(datablock, property, visited, depth);
    if (value !== undefined) values.set(property.text("name"), value);
    next = property.pointer("next");
  }
  return values;
}

function readValue(
  datablock: Datablock,
  property: StructValue,
  visited: Set<bigint>,
  depth: number,
): PropertyValue | undefined {
  switch (property.number("type")) {
    case TYPE.string:
      return datablock.text(property.pointer("data.pointer"));
    case TYPE.int:
      return property.number("data.val");
    case TYPE.boolean:
      return property.number("data.val") !== 0;
    case TYPE.float:
      return property.floatAt("data.val");
    case TYPE.double:
      return property.doubleAt("data.val");
    case TYPE.group:
      return readGroup(datablock, property, visited, depth + 1);
    default:
      return undefined;
  }
}
