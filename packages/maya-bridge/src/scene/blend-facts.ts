import * as z from "zod/v4";

const referenceSchema = z.object({
  kind: z.enum([
    "library",
    "cache",
    "mesh-cache",
    "fluid",
    "image",
    "font",
    "sound",
    "clip",
    "volume",
    "shader",
  ]),
  name: z.string(),
  /** As it is in the `.blend`: `//textures/wood.png`. */
  raw: z.string(),
  /** Absolute. */
  file: z.string(),
  span: z.enum(["file", "sequence", "tiles", "folder"]),
  /** The linked `.blend` that it comes from, absolute: its paths cannot be changed here. */
  library: z.string().nullable(),
});

/** A path in a `.blend`. */
export type Reference = z.infer<typeof referenceSchema>;

/** The facts of a `.blend` from `blender/renderjuice_scene/inspect_blend.py`. */
export const blendFactsSchema = z.object({
  blender: z.array(z.number()),
  canReadAlembic: z.boolean(),
  canReadUsd: z.boolean(),
  references: z.array(referenceSchema),
  /** By the name of a CacheFile: the objects that read it, and what they read from it. */
  cacheUsers: z.record(z.string(), z.array(z.object({ object: z.string(), path: z.string() }))),
  cacheScales: z.record(z.string(), z.number()),
  /** Files that Blender reports but that are not in the list of references. */
  unknownFiles: z.array(z.string()),
  /** Meters to one Blender unit. */
  sceneScale: z.number(),
  sceneName: z.string(),
});
export type BlendFacts = z.infer<typeof blendFactsSchema>;

/** The facts of the saved copy from `re_point.py`. */
export const rePointedSchema = z.object({
  notes: z.array(z.string()),
  warnings: z.array(z.string()),
  paths: z.array(referenceSchema),
});
