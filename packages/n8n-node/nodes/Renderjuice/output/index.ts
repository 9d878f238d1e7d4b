import type { Resource } from "../shared/operation.ts";
import { downloadOutputs } from "./download.ts";
import { getManyOutputs } from "./get-many.ts";
import { getMissingFrames } from "./get-missing-frames.ts";

export const outputResource: Resource = {
  value: "output",
  name: "Output",
  defaultOperation: "download",
  operations: [downloadOutputs, getManyOutputs, getMissingFrames],
};
