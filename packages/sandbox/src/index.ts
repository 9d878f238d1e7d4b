export type { RenderedFile, Renderer, RenderInput, RenderOutcome, SceneAnalysis } from "./renderers/renderer.ts";
export { RenderFailure } from "./renderers/renderer.ts";
