import type { RenderConfig } from "@renderjuice/core";
import { ENDPOINTS } from "@renderjuice/core/adapter";
import type { ApiContext, Route } from "../api-context.ts";
import { ApiRefusal, notFound, wrongState } from "../api-refusal.ts";
import { framesOf } from "../frame-list.ts";
import { type JobRecord, presentJob } from "../job-record.ts";
import { isOver } from "../state-machine.ts";
import { findJob } from "./find-job.ts";
import { readBody } from "./read-body.ts";

const DEFAULT_PAGE_SIZE = 10;
const MAX_PAGE_SIZE = 100;

export const createJob: Route = (context, { workspace, body, takeFault }) => {
  const { slug } = readBody(ENDPOINTS.createJob.body, body);
  const upload = context.store.findUpload(slug);
  if (!upload || upload.workspaceId !== workspace.id) throw notFound("upload");
  if (upload.sizeBytes === null)
    throw new ApiRefusal(400, "upload_missing", "The file has not been uploaded yet.");
  if (context.store.countJobs({ slug }) > 0 && takeFault("slug-reuse-refused") !== undefined) {
    throw new ApiRefusal(409, "slug_used", "This slug was already used for a job.");
  }
  context.statistics.jobsCreated += 1;
  return { body: show(context, context.store.createJob(workspace.id, slug)) };
};

/** Newest first. */
export const listJobs: Route = (context, { workspace, query, takeFault }) => {
  const page = readCount(query.page, 1);
  const limitText = takeFault("page-size-limit");
  const limit = limitText === undefined ? MAX_PAGE_SIZE : Number(limitText || 5);
  const pageSize = Math.min(limit, readCount(query.pageSize, DEFAULT_PAGE_SIZE));
  const { status } = query;
  const jobs = context.store.listJobs(workspace.id, {
    status,
    limit: pageSize,
    offset: (page - 1) * pageSize,
  });
  const total = context.store.countJobs({ workspaceId: workspace.id, status });
  const pagination = { page, pageSize, total, totalPages: Math.max(1, Math.ceil(total / pageSize)) };
  return { body: { jobs: jobs.map((job) => show(context, job)), pagination } };
};

export const getJob: Route = (context, request) => ({ body: show(context, findJob(context, request)) });

export const validateJob: Route = (context, request) => {
  const job = findJob(context, request);
  if (!context.store.move(job.id, "validating")) {
    throw wrongState(`A job can be validated once, while it is created; this one is ${job.status}.`);
  }
  context.runner.enqueue(job.id);
  return { body: show(context, findJob(context, request)) };
};

/** A second call changes nothing, and a header says so. */
export const startRender: Route = (context, request) => {
  const job = findJob(context, request);
  const { requestedRenderConfig } = readBody(ENDPOINTS.startRender.body, request.body);
  if (job.details.requestedConfig) {
    return { body: show(context, job), headers: { "x-idempotent-replay": "true" } };
  }
  checkFrames(requestedRenderConfig, job);
  if (!context.store.move(job.id, "booting", { requestedConfig: requestedRenderConfig })) {
    throw wrongState(`A job can be rendered once it is validated; this one is ${job.status}.`);
  }
  context.statistics.rendersStarted += 1;
  context.runner.enqueue(job.id);
  return { body: show(context, findJob(context, request)) };
};

export const cancelJob: Route = (context, request) => {
  const job = findJob(context, request);
  if (isOver(job.status)) throw wrongState(`The job is already ${job.status}.`);
  if (!job.details.requestedConfig && request.takeFault("idle-cancel-refused") !== undefined) {
    throw wrongState(`Only a render can be canceled; this job is ${job.status}.`);
  }
  context.store.move(job.id, "canceled");
  context.runner.cancel(job.id);
  return { body: show(context, findJob(context, request)) };
};

/** Checked immediately, since the frames cannot be changed after the start. */
function checkFrames(config: RenderConfig, { details: { analysis } }: JobRecord): void {
  try {
    if (analysis) framesOf(config, analysis);
  } catch (error) {
    if (error instanceof RangeError) throw new ApiRefusal(400, "invalid_request", error.message);
    throw error;
  }
}

function show({ store, sign, urlLifetimeMs }: ApiContext, job: JobRecord) {
  const upload = store.findUpload(job.slug);
  const preview =
    job.status === "completed" && store.listFiles(job.id).find(({ kind }) => kind === "preview");
  return presentJob(
    job,
    { fileName: upload?.fileName ?? "", sizeBytes: upload?.sizeBytes ?? 0 },
    preview ? sign("GET", `/files/${job.id}/${preview.relativePath}`, urlLifetimeMs) : undefined,
  );
}

function readCount(text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const count = Number(text);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new ApiRefusal(400, "invalid_request", `"${text}" is not a whole number above 0.`);
}
