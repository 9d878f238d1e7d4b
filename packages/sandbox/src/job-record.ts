import type { RenderConfig } from "@renderjuice/core";
import type { KnownJobStatus } from "@renderjuice/core/adapter";
import type { SceneAnalysis } from "./renderers/renderer.ts";

export interface JobDetails {
  readonly analysis?: SceneAnalysis | undefined;
  readonly requestedConfig?: RenderConfig | undefined;
  readonly finalConfig?: Record<string, unknown> | undefined;
  readonly failedReason?: { readonly name: string; readonly type: string } | undefined;
  readonly renderSeconds?: number | undefined;
}

/** A job as the sandbox keeps it. */
export interface JobRecord {
  readonly id: string;
  readonly workspaceId: string;
  readonly slug: string;
  readonly status: KnownJobStatus;
  readonly createdMs: number;
  readonly updatedMs: number;
  readonly details: JobDetails;
}

/** A job as the API shows it. */
export function presentJob(
  job: JobRecord,
  upload: { fileName: string; sizeBytes: number },
  previewUrl?: string,
): object {
  const { analysis, requestedConfig, finalConfig, failedReason, renderSeconds } = job.details;
  return {
    id: job.id,
    status: job.status,
    workspaceId: job.workspaceId,
    createdAt: new Date(job.createdMs).toISOString(),
    updatedAt: new Date(job.updatedMs).toISOString(),
    rootFolderId: null,
    sceneFile: upload,
    output: { isDeletedForClient: false },
    isAnalysisSkipped: false,
    analysisId: analysis && job.id,
    analysis,
    requestedConfig,
    finalConfig,
    failedReason,
    normalizedSeconds: renderSeconds,
    previewUrl,
  };
}
