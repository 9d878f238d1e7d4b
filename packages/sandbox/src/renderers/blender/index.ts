export { BlenderNotFoundError } from "./blender-not-found-error.ts";
export { type BlenderRenderer, createBlenderRenderer } from "./blender-renderer.ts";
export { findBlender } from "./find-blender.ts";
