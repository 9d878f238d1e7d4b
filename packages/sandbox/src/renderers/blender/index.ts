export type { BlenderLimits } from "./blender-limits.ts";
export { BlenderNotFoundError } from "./blender-not-found-error.ts";
export {
  type BlenderRenderer,
  type BlenderRendererOptions,
  createBlenderRenderer,
} from "./blender-renderer.ts";
export { type Blender, type FindBlenderOptions, findBlender } from "./find-blender.ts";
