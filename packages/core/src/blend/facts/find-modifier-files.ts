import type { StructValue } from "../dna/struct-value.ts";
import type { Datablock } from "../file/datablock.ts";
import { type ExternalFile, externalFile } from "./external-file.ts";

/** OB_FLUIDSIM_DOMAIN */
const OLD_FLUID_DOMAIN = 2;
/** NODES_MODIFIER_BAKE_CUSTOM_PATH. Without it, a folder may still be stored. */
const CUSTOM_PATH = 2;
/** The kinds of voxel data that are one file: Blender's own, and raw with 8 and 16 bits. */
const VOXEL_FILES: readonly (number | undefined)[] = [0, 1, 2];

export const MODIFIER_STRUCTS = [
  "Object",
  "MeshCacheModifierData",
  "OceanModifierData",
  "FluidModifierData",
  "FluidDomainSettings",
  "FluidsimSettings",
  "NodesModifierData",
  "NodesModifierBake",
  "CustomDataExternal",
  "VoxelData",
];

/** The caches and bakes of modifiers. Point caches are found with their simulations. */
export function* findModifierFiles(datablock: Datablock): Generator<ExternalFile, void> {
  for (const modifier of datablock.all("MeshCacheModifierData")) {
    yield* externalFile(datablock, {
      kind: "mesh cache",
      path: modifier.text("filepath"),
      via: modifierName(modifier),
    });
  }
  for (const modifier of datablock.all("OceanModifierData")) {
    if (modifier.number("cached") !== 1) continue;
    yield* externalFile(datablock, {
      kind: "ocean cache",
      path: modifier.text("cachepath"),
      extent: "folder",
      via: modifierName(modifier),
    });
  }
  for (const modifier of datablock.all("FluidModifierData")) {
    const [domain] = datablock.follow(modifier.pointer("domain"));
    const path = domain?.text("cache_directory") ?? "";
    yield* externalFile(datablock, {
      kind: "fluid cache",
      path,
      extent: "folder",
      via: modifierName(modifier),
    });
  }
  for (const fluid of datablock.all("FluidsimSettings")) {
    if (fluid.number("type") !== OLD_FLUID_DOMAIN) continue;
    yield* externalFile(datablock, {
      kind: "fluid cache",
      path: fluid.text("surfdataPath"),
      extent: "folder",
    });
  }
  for (const modifier of datablock.all("NodesModifierData")) yield* findBakes(datablock, modifier);
  for (const external of datablock.all("CustomDataExternal")) {
    yield* externalFile(datablock, { kind: "multires data", path: external.text("filename") });
  }
  for (const voxels of datablock.all("VoxelData")) {
    if (!VOXEL_FILES.includes(voxels.number("file_format"))) continue;
    yield* externalFile(datablock, { kind: "voxel data", path: voxels.text("source_path") });
  }
}

/** Each bake has its own folder or lies in that of the modifier. Blender 3.6 and 4.0 only know the latter. */
function* findBakes(datablock: Datablock, modifier: StructValue): Generator<ExternalFile, void> {
  const folder = datablock.text(modifier.pointer("simulation_bake_directory", "bake_directory"));
  const details = { kind: "geometry nodes bake", extent: "folder", via: modifierName(modifier) } as const;
  const bakes = datablock.follow(modifier.pointer("bakes")).map((bake) => ({
    path: bake.flag("flag", CUSTOM_PATH) ? datablock.text(bake.pointer("directory")) : "",
    isPacked: bake.pointer("packed") !== 0n,
  }));
  const isPacked = bakes.length > 0 && bakes.every((bake) => bake.isPacked);
  yield* externalFile(datablock, { ...details, path: folder, isPacked });
  for (const bake of bakes) yield* externalFile(datablock, { ...details, ...bake });
}

export function modifierName(modifier: StructValue): string {
  return modifier.text("modifier.name");
}
