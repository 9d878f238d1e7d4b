export * from "./downloads.ts";
export * from "./endpoints.ts";
export * from "./job.ts";
export * from "./progress.ts";
export * from "./render-config.ts";
export * from "./scene-analysis.ts";
export * from "./upload.ts";
export * from "./webhook-event.ts";
