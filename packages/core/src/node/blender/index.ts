export { BlenderNotFoundError } from "./blender-not-found-error.ts";
export { type BlenderVersion, formatBlenderVersion, isAtLeast } from "./blender-version.ts";
export { type Blender, type FindBlenderOptions, findBlender } from "./find-blender.ts";
