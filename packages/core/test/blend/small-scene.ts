import { type BlendLayout, type Block, type Structs, text, writeBlend } from "./write-blend.ts";

/** Enough of Blender's structs for a scene. A test adds those that it is about. */
export const STRUCTS: Structs = {
  ListBase: ["void *first", "void *last"],
  ID: ["void *next", "void *prev", "Library *lib", "char name[66]", "short flag", "IDProperty *properties"],
  FileGlobal: [
    "short subversion",
    "short minversion",
    "short minsubversion",
    "char _pad[2]",
    "Scene *curscene",
  ],
  rctf: ["float xmin", "float xmax", "float ymin", "float ymax"],
  ImageFormatData: ["char imtype", "char depth", "char _pad[6]"],
  RenderData: [
    "ImageFormatData im_format",
    "int cfra",
    "int sfra",
    "int efra",
    "int frame_step",
    "short size",
    "short frs_sec",
    "int xsch",
    "int ysch",
    "int scemode",
    "int mode",
    "rctf border",
    "float xasp",
    "float yasp",
    "float frs_sec_base",
    "char pic[1024]",
    "char engine[32]",
  ],
  Scene: [
    "ID id",
    "Object *camera",
    "Scene *set",
    "char use_nodes",
    "char _pad[7]",
    "bNodeTree *nodetree",
    "RenderData r",
  ],
  ViewLayer: ["void *next", "void *prev", "char name[64]", "short flag", "char _pad[6]"],
  TimeMarker: ["void *next", "void *prev", "int frame", "char name[64]", "int flag", "Object *camera"],
  IDPropertyData: ["void *pointer", "ListBase group", "int val", "int val2"],
  IDProperty: [
    "IDProperty *next",
    "IDProperty *prev",
    "char type",
    "char subtype",
    "short flag",
    "char name[64]",
    "char _pad[4]",
    "IDPropertyData data",
  ],
  Object: ["ID id", "void *data"],
  Image: ["ID id", "char name[1024]", "short source", "short type", "int _pad", "PackedFile *packedfile"],
  Library: ["ID id", "char name[1024]", "PackedFile *packedfile"],
  Text: ["ID id", "char *name", "int flags", "char _pad[4]"],
};

const SCENE = 0x1000;
const CAMERA = 0x2000;

/** A scene with a camera, a texture and a script. */
export const SMALL_SCENE: readonly Block[] = [
  { code: "GLOB", address: 0x100, struct: "FileGlobal", values: { subversion: 6, curscene: SCENE } },
  ...sceneBlocks(),
  { code: "OB", address: CAMERA, struct: "Object", values: { "id.name": "OBCamera" } },
  {
    code: "IM",
    address: 0x3000,
    struct: "Image",
    values: { "id.name": "IMBrick", name: "//textures/brick.png", source: 1 },
  },
  {
    code: "TX",
    address: 0x4000,
    struct: "Text",
    values: { "id.name": "TXsetup.py", name: 0x4001, flags: 0x10 },
  },
  text(0x4001, "//setup.py"),
];

/** @param values in addition to the usual ones @param data blocks that belong to the scene */
export function sceneBlocks(values: Block["values"] = {}, data: readonly Block[] = []): Block[] {
  return [
    {
      code: "SC",
      address: SCENE,
      struct: "Scene",
      values: {
        "id.name": "SCShot",
        camera: CAMERA,
        "r.sfra": 1,
        "r.efra": 24,
        "r.frame_step": 1,
        "r.cfra": 3,
        "r.frs_sec": 24,
        "r.frs_sec_base": 1,
        "r.xsch": 1920,
        "r.ysch": 1080,
        "r.size": 50,
        "r.xasp": 1,
        "r.yasp": 1,
        "r.pic": "//render/",
        "r.engine": "CYCLES",
        "r.im_format.imtype": 17,
        ...values,
      },
    },
    { address: 0x1001, struct: "ViewLayer", values: { name: "ViewLayer", flag: 1 } },
    ...data,
  ];
}

export function smallScene(layout: BlendLayout = {}): Buffer {
  return writeBlend(STRUCTS, SMALL_SCENE, layout);
}
