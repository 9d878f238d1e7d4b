export { BlenderNotFoundError, findBlender } from "@renderjuice/core/adapter/node";
export { type Clock, createManualClock, type ManualClock, systemClock } from "./clock.ts";
export { createSandbox, type Sandbox } from "./create-sandbox.ts";
export type { FaultSet } from "./faults/fault-set.ts";
export { FAULTS, type FaultName } from "./faults/registry.ts";
export type { Logger } from "./logger.ts";
export { describeIsolation } from "./renderers/blender/isolation/find-isolation.ts";
export type { IsolationKind, IsolationMode } from "./renderers/blender/isolation/isolation.ts";
export type {
  AnalyzeInput,
  RenderedFile,
  Renderer,
  RenderInput,
  RenderOutcome,
  SceneAnalysis,
} from "./renderers/renderer.ts";
export { RenderFailure } from "./renderers/renderer.ts";
export { createSimulatedRenderer } from "./renderers/simulated/simulated-renderer.ts";
export type { SandboxOptions } from "./sandbox-options.ts";
export type { Statistics } from "./statistics.ts";
export type { WebhookTarget } from "./webhook-sender.ts";
