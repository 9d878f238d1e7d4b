/** The two letters that start the name of a datablock, in words. Blender's own names for the types, in lower case. */
const TYPES: Readonly<Record<string, string>> = {
  AC: "action",
  AR: "armature",
  BR: "brush",
  CA: "camera",
  CF: "cache file",
  CU: "curve",
  CV: "curves",
  GD: "grease pencil",
  GP: "grease pencil",
  GR: "collection",
  IM: "image",
  KE: "shape keys",
  LA: "light",
  LI: "library",
  LP: "light probe",
  LS: "line style",
  LT: "lattice",
  MA: "material",
  MB: "metaball",
  MC: "movie clip",
  ME: "mesh",
  MS: "mask",
  NT: "node group",
  OB: "object",
  PA: "particle settings",
  PT: "point cloud",
  SC: "scene",
  SK: "speaker",
  SO: "sound",
  SP: "speaker",
  TE: "texture",
  TX: "text",
  VF: "font",
  VO: "volume",
  WO: "world",
  WS: "workspace",
};

/** A datablock, as a person knows it. */
export interface DatablockName {
  /** Such as `material`, or the two letters that Blender uses if they are unknown. */
  readonly type: string;
  readonly name: string;
}

/** @param idName as stored: `MABrick` */
export function parseDatablockName(idName: string): DatablockName {
  const letters = idName.slice(0, 2);
  return { type: TYPES[letters] ?? letters, name: idName.slice(2) };
}
