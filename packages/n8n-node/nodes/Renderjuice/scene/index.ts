import type { Resource } from "../shared/operation.ts";
import { preflightScene } from "./preflight.ts";
import { uploadScene } from "./upload.ts";

export const sceneResource: Resource = {
  value: "scene",
  name: "Scene",
  defaultOperation: "upload",
  operations: [preflightScene, uploadScene],
};
