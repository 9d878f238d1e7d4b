import type { StructValue } from "../dna/struct-value.ts";
import type { Datablock } from "../file/datablock.ts";
import type { FrameSpan } from "./external-file.ts";
import { nodesOf } from "./nodes.ts";

export const IMAGE_USER_STRUCTS = [
  "bNode",
  "NodeTexImage",
  "NodeTexEnvironment",
  "ImageUser",
  "CameraBGImage",
  "Tex",
  "Object",
];

/** An image, by its address, and the file numbers of its sequence that a user of it shows. */
export type ImageUse = readonly [image: bigint, frames: FrameSpan];

/** Whoever shows a sequence knows which part of it: nodes, textures, camera backgrounds and empties. */
export function* findImageUses(datablock: Datablock): Generator<ImageUse, void> {
  const { root } = datablock;
  for (const node of nodesOf(datablock)) {
    const [storage] = datablock.follow(node.pointer("storage"));
    const user = storage?.layout.name === "ImageUser" ? storage : storage?.struct("iuser");
    yield* useOf(node.pointer("id"), user);
  }
  for (const background of datablock.all("CameraBGImage")) {
    yield* useOf(background.pointer("ima"), background.struct("iuser"));
  }
  if (root.layout.name === "Tex") yield* useOf(root.pointer("ima"), root.struct("iuser"));
  if (root.layout.name === "Object") {
    yield* useOf(root.pointer("data"), datablock.follow(root.pointer("iuser"))[0]);
  }
}

function* useOf(image: bigint, user: StructValue | undefined): Generator<ImageUse, void> {
  const count = user?.number("frames") ?? 0;
  const offset = user?.number("offset") ?? 0;
  if (image !== 0n && count > 0) yield [image, { first: offset + 1, last: offset + count }];
}
