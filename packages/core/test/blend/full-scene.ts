import { SMALL_SCENE, STRUCTS, sceneBlocks } from "./small-scene.ts";
import { type BlendLayout, type Block, type Structs, text, writeBlend } from "./write-blend.ts";

const MODIFIER = "ModifierData modifier";
/** Types of IDProperty. */
const TYPE = { string: 0, int: 1, group: 6 } as const;

/** The structs of everything that refers to a file, with the fields that matter. */
export const FULL_STRUCTS: Structs = {
  ...STRUCTS,
  ModifierData: ["void *next", "void *prev", "char name[64]", "IDProperty *system_properties"],
  ImageTile: ["void *next", "void *prev", "int tile_number", "char _pad[4]"],
  ImageView: ["void *next", "void *prev", "char name[64]", "char filepath[1024]"],
  ImageUser: ["int frames", "int offset"],
  NodeTexImage: ["ImageUser iuser", "int projection", "char _pad[4]"],
  bNode: ["void *next", "void *prev", "char name[64]", "int flag", "char _pad[4]", "ID *id", "void *storage"],
  bNodeTree: ["ID id", "ListBase nodes"],
  Material: ["ID id", "bNodeTree *nodetree"],
  NodeShaderTexIES: ["int mode", "char filepath[1024]"],
  NodeImageMultiFile: ["char base_path[1024]", "int sfra", "int efra"],
  MeshCacheModifierData: [MODIFIER, "char filepath[1024]"],
  OceanModifierData: [MODIFIER, "char cachepath[1024]", "char cached", "char _pad[7]"],
  FluidModifierData: [MODIFIER, "FluidDomainSettings *domain"],
  FluidDomainSettings: [
    "int cache_frame_start",
    "int cache_frame_end",
    "int cache_flag",
    "char cache_directory[1024]",
  ],
  FluidsimSettings: ["short type", "char _pad[6]", "char surfdataPath[1024]"],
  ClothModifierData: [MODIFIER, "PointCache *point_cache"],
  ParticleSystem: ["void *next", "void *prev", "char name[64]", "PointCache *pointcache"],
  PointCache: ["int flag", "int startframe", "int endframe", "char _pad[4]", "char path[1024]"],
  NodesModifierData: [
    MODIFIER,
    "bNodeTree *node_group",
    "char *simulation_bake_directory",
    "NodesModifierBake *bakes",
    "int bakes_num",
    "char _pad[4]",
  ],
  NodesModifierBake: ["int id", "int flag", "char *directory", "void *packed"],
  VoxelData: ["short file_format", "char _pad[6]", "char source_path[1024]"],
  Editing: ["ListBase seqbase"],
  Sequence: ["void *next", "void *prev", "char name[64]", "int flag", "int type", "Strip *strip"],
  Strip: ["StripElem *stripdata", "char dir[768]"],
  StripElem: ["char name[256]", "int orig_width", "int orig_height"],
  ChannelDriver: ["char expression[256]", "int type", "int flag"],
};

/** What belongs to an object: modifiers, simulations, caches. */
export const OBJECT_DATA: readonly Block[] = [
  {
    address: 0x2101,
    struct: "MeshCacheModifierData",
    values: { "modifier.name": "Cache", filepath: "//cache.pc2" },
  },
  {
    address: 0x2102,
    struct: "OceanModifierData",
    values: { "modifier.name": "Ocean", cachepath: "//ocean", cached: 1 },
  },
  { address: 0x2103, struct: "FluidModifierData", values: { "modifier.name": "Fluid", domain: 0x2104 } },
  {
    address: 0x2104,
    struct: "FluidDomainSettings",
    values: { cache_frame_start: 1, cache_frame_end: 60, cache_flag: 2, cache_directory: "//fluid" },
  },
  { address: 0x2105, struct: "FluidsimSettings", values: { type: 2, surfdataPath: "//old_fluid" } },
  { address: 0x2106, struct: "ClothModifierData", values: { "modifier.name": "Cloth", point_cache: 0x2107 } },
  { address: 0x2107, struct: "PointCache", values: { flag: 0x41, startframe: 1, endframe: 40 } },
  { address: 0x2108, struct: "ParticleSystem", values: { name: "Rain", pointcache: 0x2109 } },
  {
    address: 0x2109,
    struct: "PointCache",
    values: { flag: 0x240, startframe: 5, endframe: 50, path: "//rain" },
  },
  {
    address: 0x210a,
    struct: "NodesModifierData",
    values: {
      "modifier.name": "Nodes",
      simulation_bake_directory: 0x210b,
      bakes: 0x210c,
      bakes_num: 2,
    },
  },
  text(0x210b, "//bakes"),
  {
    address: 0x210c,
    struct: "NodesModifierBake",
    values: [
      { directory: 0x210d, flag: 2 },
      { packed: 0x999, directory: 0x210d },
    ],
  },
  text(0x210d, "//own_bake"),
  { address: 0x210e, struct: "VoxelData", values: { file_format: 1, source_path: "//smoke.raw" } },
  { address: 0x210f, struct: "ChannelDriver", values: { expression: "frame / 2", type: 1 } },
  { address: 0x2110, struct: "ChannelDriver", values: { expression: "not Python", type: 0 } },
];

/** What belongs to the scene: markers, strips, settings of Cycles. */
const SCENE_DATA: readonly Block[] = [
  { address: 0x1010, struct: "TimeMarker", values: { frame: 12, name: "cut", camera: 0x2000 } },
  { address: 0x1011, struct: "TimeMarker", values: { frame: 13, name: "note" } },
  { address: 0x1012, struct: "Editing" },
  { address: 0x1013, struct: "Sequence", values: { name: "SQPlates", type: 0, strip: 0x1014 } },
  { address: 0x1014, struct: "Strip", values: { stripdata: 0x1015, dir: "//plates/" } },
  { address: 0x1015, struct: "StripElem", values: [{ name: "a.png" }, { name: "b.png" }] },
  ...properties(0x1020, { cycles: { samples: 64, use_denoising: 0, device: 1 }, shot: "sh010", take: 3 }),
];

/** Every kind of file, in the style of several versions at once. */
export function fullScene(layout: BlendLayout = {}): Buffer {
  return writeBlend(
    FULL_STRUCTS,
    [
      ...SMALL_SCENE.filter(({ code }) => code === "GLOB" || code === "IM" || code === "TX" || code === "OB"),
      ...sceneBlocks({ "id.properties": 0x1020, "r.scemode": 0x41 }, SCENE_DATA),
      { code: "OB", address: 0x2100, struct: "Object", values: { "id.name": "OBThing" } },
      ...OBJECT_DATA,
      {
        code: "MA",
        address: 0x5000,
        struct: "Material",
        values: { "id.name": "MAWall", nodetree: 0x5001 },
      },
      { address: 0x5001, struct: "bNodeTree", values: { "id.name": "NTShader Nodetree" } },
      { address: 0x5002, struct: "bNode", values: { name: "Image", id: 0x6000, storage: 0x5003 } },
      { address: 0x5003, struct: "NodeTexImage", values: { "iuser.frames": 20, "iuser.offset": 4 } },
      { address: 0x5004, struct: "bNode", values: { name: "IES", storage: 0x5005 } },
      { address: 0x5005, struct: "NodeShaderTexIES", values: { mode: 1, filepath: "//lamp.ies" } },
      { address: 0x5006, struct: "bNode", values: { name: "Out", storage: 0x5007, flag: 0x200 } },
      { address: 0x5007, struct: "NodeImageMultiFile", values: { base_path: "//passes/" } },
      {
        code: "IM",
        address: 0x6000,
        struct: "Image",
        values: { "id.name": "IMSequence", name: "//seq_0001.png", source: 2 },
      },
      {
        code: "IM",
        address: 0x7000,
        struct: "Image",
        values: { "id.name": "IMTiles", name: "//t.<UDIM>.png", source: 6 },
      },
      { address: 0x7001, struct: "ImageTile", values: { tile_number: 1001 } },
      { address: 0x7002, struct: "ImageTile", values: { tile_number: 1012 } },
      {
        code: "LI",
        address: 0x8000,
        struct: "Library",
        values: { "id.name": "LIprops.blend", name: "//props.blend" },
      },
      { code: "ID", address: 0x8100, struct: "ID", values: { name: "OBChair", lib: 0x8000 } },
    ],
    layout,
  );
}

type PropertyTree = { readonly [key: string]: number | string | PropertyTree };

/** Blocks of an IDProperty group. @param address of the group; its members and texts follow */
export function properties(address: number, tree: PropertyTree, name = "", next = 0): Block[] {
  const first = address + 1;
  const members: Block[] = [];
  let at = first;
  const entries = Object.entries(tree);
  for (const [index, [key, value]] of entries.entries()) {
    const end = at + countBlocks(value);
    const following = index + 1 < entries.length ? end : 0;
    if (typeof value === "object") members.push(...properties(at, value, key, following));
    else members.push(...property(at, key, value, following));
    at = end;
  }
  const group = { type: TYPE.group, name, next, "data.group.first": entries.length > 0 ? first : 0 };
  return [{ address, struct: "IDProperty", values: group }, ...members];
}

function property(address: number, name: string, value: number | string, next: number): Block[] {
  if (typeof value === "number") {
    return [{ address, struct: "IDProperty", values: { type: TYPE.int, name, next, "data.val": value } }];
  }
  const values = { type: TYPE.string, name, next, "data.pointer": address + 1 };
  return [{ address, struct: "IDProperty", values }, text(address + 1, value)];
}

function countBlocks(value: number | string | PropertyTree): number {
  if (typeof value !== "object") return typeof value === "string" ? 2 : 1;
  return Object.values(value).reduce<number>((sum, each) => sum + countBlocks(each), 1);
}
