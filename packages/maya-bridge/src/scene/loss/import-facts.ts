import * as z from "zod/v4";

const inputSchema = z.object({
  /** The value if nothing is linked. */
  value: z.union([z.number(), z.string(), z.array(z.number())]).nullable(),
  /** Names of the images that reach it; null if nothing is linked. */
  images: z.array(z.string()).nullable(),
});
export type MaterialInput = z.infer<typeof inputSchema>;

/** The result of an import in Blender: `blender/renderjuice_scene/scene_facts.py`. Each `file` is the source. */
const importFactsSchema = z.object({
  objects: z.array(
    z.object({
      name: z.string(),
      /** Blender's: `MESH`, `ARMATURE`, … */
      type: z.string(),
      materials: z.array(z.string()),
      isSkinned: z.boolean(),
      shapeKeys: z.number(),
      bones: z.number(),
      constraints: z.array(z.string()),
      /** Never visible, since it is hidden in Maya. */
      isHidden: z.boolean(),
    }),
  ),
  materials: z.array(
    z.object({
      name: z.string(),
      file: z.string(),
      /** The type of the node at the output; null if there is none. */
      shader: z.string().nullable(),
      inputs: z.record(z.string(), inputSchema),
    }),
  ),
  images: z.array(z.object({ name: z.string(), path: z.string(), isThere: z.boolean() })),
  /** Energy in W; for suns in W/m². */
  lights: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      energy: z.number(),
      file: z.string(),
      isHidden: z.boolean(),
    }),
  ),
  cameras: z.array(
    z.object({ name: z.string(), lensMm: z.number(), isOrthographic: z.boolean(), file: z.string() }),
  ),
  /** First and last key; null if there are no keys. */
  animation: z.object({ start: z.number(), end: z.number() }).nullable(),
  /** After the import. */
  fps: z.number(),
});
export type ImportFacts = z.infer<typeof importFactsSchema>;
export type ImportedMaterial = ImportFacts["materials"][number];

/** What `blender/renderjuice_scene/assemble.py` answers. */
export const assembledSchema = z.object({
  blender: z.array(z.number()),
  /** The operator that read the files. */
  importer: z.string(),
  notes: z.array(z.string()),
  warnings: z.array(z.string()),
  facts: importFactsSchema,
  /** Existing images that could not be packed into the `.blend`. */
  unpacked: z.array(z.string()),
  /** Objects that may or may not be hidden in Maya. */
  unclear: z.array(z.string()),
});
