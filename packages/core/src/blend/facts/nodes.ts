import type { StructValue } from "../dna/struct-value.ts";
import type { Datablock } from "../file/datablock.ts";

const MUTED = 0x200;
/** The subtype of a text that is a file path. */
export const FILE_PATH = 1;

/**
 * The nodes in a datablock. Blender 5 keeps compositing nodes in a node group and stores a copy in the scene for older
 * versions, which does not count.
 */
export function nodesOf(datablock: Datablock): readonly StructValue[] {
  return datablock.root.has("compositing_node_group") ? [] : datablock.all("bNode");
}

export function isMuted(node: StructValue): boolean {
  return node.flag("flag", MUTED) === true;
}
