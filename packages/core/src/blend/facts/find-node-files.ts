import type { Datablock } from "../file/datablock.ts";
import { type ExternalFile, externalFile } from "./external-file.ts";
import { FILE_PATH, isMuted, nodesOf } from "./nodes.ts";
import type { FileOutput } from "./scene-facts.ts";

const EXTERNAL = 1;
const KINDS: Readonly<Record<string, ExternalFile["kind"]>> = {
  NodeShaderScript: "OSL script",
  NodeShaderTexIES: "IES profile",
};

export const NODE_STRUCTS = [
  "bNodeTree",
  "bNode",
  ...Object.keys(KINDS),
  "NodeImageMultiFile",
  "NodeImageFile",
  "bNodeSocketValueString",
];

/** The files of shader nodes, and file paths that geometry nodes import. */
export function* findNodeFiles(datablock: Datablock): Generator<ExternalFile, void> {
  for (const node of nodesOf(datablock)) {
    const [storage] = datablock.follow(node.pointer("storage"));
    const kind = storage && KINDS[storage.layout.name];
    if (!kind || storage.number("mode") !== EXTERNAL) continue;
    yield* externalFile(datablock, { kind, path: storage.text("filepath"), via: node.text("name") });
  }
  for (const value of datablock.all("bNodeSocketValueString")) {
    if (value.number("subtype") !== FILE_PATH) continue;
    yield* externalFile(datablock, { kind: "geometry nodes import", path: value.text("value") });
  }
}

/** File Output nodes of the compositor. */
export function* findFileOutputs(datablock: Datablock): Generator<FileOutput, void> {
  for (const node of nodesOf(datablock)) {
    const [storage] = datablock.follow(node.pointer("storage"));
    if (!storage || !/^NodeImage(Multi)?File$/.test(storage.layout.name)) continue;
    yield {
      owner: datablock.name,
      node: node.text("name"),
      path: storage.text("base_path", "name") + datablock.text(storage.pointer("file_name")),
      isMuted: isMuted(node),
    };
  }
}
