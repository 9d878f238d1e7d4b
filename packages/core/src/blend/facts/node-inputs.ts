import type { StructValue } from "../dna/struct-value.ts";
import type { Datablock } from "../file/datablock.ts";
import { externalFile, type FoundFile } from "./external-file.ts";
import { modifierName } from "./find-modifier-files.ts";
import { PROPERTY_STRUCTS, readProperties } from "./id-properties.ts";
import { FILE_PATH } from "./nodes.ts";

export const NODE_INPUT_STRUCTS = ["bNodeTreeInterfaceSocket", "NodesModifierData", ...PROPERTY_STRUCTS];

/**
 * File paths that a Geometry Nodes modifier hands to its node group. The modifier only knows texts; which of them are paths
 * is said by the group, a datablock elsewhere in the file. Groups in a library do not say it here.
 */
export class NodeInputs {
  /** `address/identifier` of group inputs that are file paths. */
  readonly #paths = new Set<string>();
  readonly #inputs: { readonly key: string; readonly found: FoundFile }[] = [];

  add(datablock: Datablock): void {
    for (const socket of datablock.all("bNodeTreeInterfaceSocket")) {
      const [data] = datablock.follow(socket.pointer("socket_data"));
      if (data?.layout.name !== "bNodeSocketValueString" || data.number("subtype") !== FILE_PATH) continue;
      this.#paths.add(`${datablock.address}/${datablock.text(socket.pointer("identifier"))}`);
    }
    for (const modifier of datablock.all("NodesModifierData")) {
      const { address, library } = datablock;
      const group = modifier.pointer("node_group");
      const via = modifierName(modifier);
      for (const [key, path] of readInputs(datablock, modifier)) {
        const [file] = externalFile(datablock, { kind: "geometry nodes import", path, via });
        if (file) this.#inputs.push({ key: `${group}/${key}`, found: { file, address, library } });
      }
    }
  }

  /** Of texts that may be paths. */
  get count(): number {
    return this.#inputs.length;
  }

  files(): FoundFile[] {
    return this.#inputs.filter(({ key }) => this.#paths.has(key)).map(({ found }) => found);
  }
}

/** The texts among a modifier's inputs, by identifier. Blender 5.2 moved them, and stores a copy for older versions. */
function readInputs(datablock: Datablock, modifier: StructValue): [identifier: string, text: string][] {
  const inputs = readProperties(datablock, modifier.pointer("modifier.system_properties")).get("inputs");
  if (inputs instanceof Map) {
    return [...inputs].flatMap(([key, input]) => textOf(key, input instanceof Map && input.get("value")));
  }
  const legacy = readProperties(datablock, modifier.pointer("settings.properties"));
  return [...legacy].flatMap(([key, value]) => textOf(key, value));
}

function textOf(key: string, value: unknown): [string, string][] {
  return typeof value === "string" ? [[key, value]] : [];
}
