import * as z from "zod/v4";
import type { Documented } from "./loose.ts";

const outputSchema = z.looseObject({
  url: z.string().min(1),
  fileName: z.string().nullish(),
  /** The camera view of a stereo or multi-view render. */
  view: z.string().nullish(),
  legacy: z.boolean().nullish(),
  relativePath: z.string().nullish(),
  compositeNodeName: z.string().nullish(),
  /** Not documented; takes precedence over the name. */
  frame: z.unknown().optional(),
  frameNumber: z.unknown().optional(),
});
/** An output file of a job. */
export interface Output extends Documented<z.infer<typeof outputSchema>> {}

/** Named in the plural but documented as a single object. Lists and maps of outputs are accepted too. */
const zipOutputsSchema = z.union([
  outputSchema,
  z.array(outputSchema),
  z.record(z.string(), z.union([outputSchema, z.array(outputSchema)])),
]);

export const downloadsSchema = z.looseObject({
  /** An older list of frame URLs; `frameOutputs` also has names. */
  frames: z.array(z.string()).nullish(),
  compositeNodes: z.array(z.string()).nullish(),
  transforms: z
    .looseObject({
      framesZip: z.string().nullish(),
      compositeNodesZip: z.string().nullish(),
      video: z.unknown().optional(),
      framesZipOutputs: zipOutputsSchema.nullish().catch(null),
      compositeNodesZipOutputs: zipOutputsSchema.nullish().catch(null),
    })
    .nullish(),
  frameOutputs: z.array(outputSchema).nullish(),
  compositeNodeOutputs: z.array(outputSchema).nullish(),
});
/** The response to `GET /jobs/{id}/downloads`. The lists are empty until the output is ready. */
export interface Downloads extends Documented<z.infer<typeof downloadsSchema>> {
  frameOutputs?: Output[] | null | undefined;
  compositeNodeOutputs?: Output[] | null | undefined;
}
