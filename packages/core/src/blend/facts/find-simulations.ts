import type { StructValue } from "../dna/struct-value.ts";
import type { Datablock } from "../file/datablock.ts";
import { modifierName } from "./find-modifier-files.ts";
import type { Simulation } from "./simulation.ts";

const BAKED = 0x1;
const DISK_CACHE = 0x40;
const EXTERNAL = 0x200;
/** FLUID_DOMAIN_BAKED_DATA */
const FLUID_BAKED = 0x2;

/** Who has a point cache, where, and what it is called. */
const HOLDERS: readonly {
  readonly struct: string;
  readonly cache: string;
  readonly kind: Simulation["kind"];
  readonly name?: string;
}[] = [
  { struct: "ClothModifierData", cache: "point_cache", kind: "cloth", name: "modifier.name" },
  { struct: "ParticleSystem", cache: "pointcache", kind: "particles", name: "name" },
  { struct: "SoftBody_Shared", cache: "pointcache", kind: "soft body" },
  { struct: "SoftBody", cache: "pointcache", kind: "soft body" },
  { struct: "RigidBodyWorld_Shared", cache: "pointcache", kind: "rigid body" },
  { struct: "RigidBodyWorld", cache: "pointcache", kind: "rigid body" },
  { struct: "DynamicPaintSurface", cache: "pointcache", kind: "dynamic paint", name: "name" },
  { struct: "SmokeDomainSettings", cache: "point_cache", kind: "smoke" },
];

export const SIMULATION_STRUCTS = [
  "PointCache",
  "FluidModifierData",
  "FluidDomainSettings",
  ...HOLDERS.map(({ struct }) => struct),
];

/** A simulation, and the folder that was chosen for it, if any. */
export interface FoundSimulation {
  readonly simulation: Simulation;
  readonly externalFolder: string;
}

/** Simulations of an object or scene, with the cache that is active. */
export function* findSimulations(datablock: Datablock): Generator<FoundSimulation, void> {
  // For older versions, Blender stores some of them in two places.
  const seen = new Set<StructValue>();
  for (const { struct, cache, kind, name } of HOLDERS) {
    for (const holder of datablock.all(struct)) {
      const [pointCache] = datablock.follow(holder.pointer(cache));
      if (pointCache?.layout.name !== "PointCache" || seen.has(pointCache)) continue;
      seen.add(pointCache);
      yield {
        simulation: {
          kind,
          owner: datablock.name,
          via: name && holder.text(name),
          isBaked: pointCache.flag("flag", BAKED) === true,
          storage: storageOf(pointCache),
          frames: {
            first: pointCache.number("startframe") ?? 0,
            last: pointCache.number("endframe") ?? 0,
          },
        },
        externalFolder: pointCache.flag("flag", EXTERNAL) ? pointCache.text("path") : "",
      };
    }
  }
  for (const modifier of datablock.all("FluidModifierData")) {
    const [domain] = datablock.follow(modifier.pointer("domain"));
    if (domain) yield fluidOf(datablock, modifier, domain);
  }
}

function storageOf(pointCache: StructValue): Simulation["storage"] {
  if (pointCache.flag("flag", EXTERNAL)) return "external folder";
  return pointCache.flag("flag", DISK_CACHE) ? "folder" : "file";
}

/** Its folder is found with the modifiers. */
function fluidOf(datablock: Datablock, modifier: StructValue, domain: StructValue): FoundSimulation {
  return {
    simulation: {
      kind: "fluid",
      owner: datablock.name,
      via: modifierName(modifier),
      isBaked: domain.flag("cache_flag", FLUID_BAKED) === true,
      storage: "external folder",
      frames: {
        first: domain.number("cache_frame_start") ?? 0,
        last: domain.number("cache_frame_end") ?? 0,
      },
    },
    externalFolder: "",
  };
}
