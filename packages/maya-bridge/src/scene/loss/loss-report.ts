import * as z from "zod/v4";

const materialSchema = z.object({
  name: z.string(),
  /** In Maya, if the export says: `phong`, `Arnold or standard surface`. */
  mayaType: z.string().nullable(),
  /** In Blender; null if the material has no surface. */
  shader: z.string().nullable(),
  /** Inputs with a texture: `Base Color: wood.png`. */
  textures: z.array(z.string()),
  /** What Maya has and Blender does not: `baseColor: wood.png`. */
  lost: z.array(z.string()),
});
export type MaterialReport = z.infer<typeof materialSchema>;

const lossSchema = z.object({
  /** Stable: scripts may rely on it. */
  id: z.string(),
  /** `major`: the frames look different. `minor`: they may. */
  severity: z.enum(["major", "minor"]),
  message: z.string(),
  /** What it is about, in the artist's words. */
  subjects: z.array(z.string()),
  advice: z.string(),
});
export type Loss = z.infer<typeof lossSchema>;

/** What an export lost on the way to a `.blend`: `loss` in a job's `report.json`. */
export const lossReportSchema = z.object({
  version: z.literal(1),
  /** File names of the export. */
  sources: z.array(z.string()),
  format: z.enum(["usd", "abc", "fbx", "gltf", "obj"]),
  /** `3.4.1`. */
  blender: z.string(),
  importer: z.string(),
  /** By their type in Blender: `MESH`, `LIGHT`, … */
  objects: z.record(z.string(), z.number()),
  materials: z.array(materialSchema),
  /** Energy in W; for suns in W/m². */
  lights: z.array(z.object({ name: z.string(), type: z.string(), energy: z.number() })),
  cameras: z.array(z.object({ name: z.string(), lensMm: z.number(), isOrthographic: z.boolean() })),
  textures: z.array(
    z.object({ name: z.string(), path: z.string(), state: z.enum(["used", "unused", "missing"]) }),
  ),
  /** First and last key; null if there are no keys. */
  animation: z.object({ start: z.number(), end: z.number() }).nullable(),
  /** Warnings of the importer, each once. */
  importerWarnings: z.array(z.string()),
  losses: z.array(lossSchema),
});
export type LossReport = z.infer<typeof lossReportSchema>;
