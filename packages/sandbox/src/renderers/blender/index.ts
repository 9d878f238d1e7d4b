export { type BlenderRenderer, createBlenderRenderer } from "./blender-renderer.ts";
