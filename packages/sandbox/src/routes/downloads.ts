import { posix } from "node:path";
import type { ApiContext, Route } from "../api-context.ts";
import type { JobRecord } from "../job-record.ts";
import type { RenderedFile } from "../renderers/renderer.ts";
import { findJob } from "./find-job.ts";

const DEFAULT_LATE_REQUESTS = 2;

/** The lists are empty until the output is ready. */
export const getDownloads: Route = (context, request) => {
  const job = findJob(context, request);
  const late = request.takeFault("late-outputs");
  if (late !== undefined) context.lateOutputs.set(job.id, Number(late || DEFAULT_LATE_REQUESTS));
  if (job.status !== "completed" || isLate(context, job.id)) {
    return {
      body: { frames: [], compositeNodes: [], transforms: {}, frameOutputs: [], compositeNodeOutputs: [] },
    };
  }
  const lifetimeMs = request.takeFault("expired-download-url") === undefined ? context.urlLifetimeMs : -1000;
  const urlOf = (path: string) => context.sign("GET", `/files/${job.id}/${path}`, lifetimeMs);
  return { body: present(context, job, urlOf) };
};

function isLate({ lateOutputs }: ApiContext, jobId: string): boolean {
  const left = lateOutputs.get(jobId) ?? 0;
  lateOutputs.set(jobId, left - 1);
  return left > 0;
}

function present({ store }: ApiContext, job: JobRecord, urlOf: (path: string) => string) {
  const files = store.listFiles(job.id);
  const outputsOf = (kind: RenderedFile["kind"]) =>
    files.filter((file) => file.kind === kind).map((file) => presentOutput(file, urlOf));
  const frameOutputs = outputsOf("frame");
  const compositeNodeOutputs = outputsOf("compositeNode");
  const video = Object.fromEntries(outputsOf("video").map(({ fileName, url }) => [fileName, url]));
  return {
    frames: frameOutputs.map(({ url }) => url),
    compositeNodes: compositeNodeOutputs.map(({ url }) => url),
    transforms: {
      ...(frameOutputs.length > 0 && archive("frames", urlOf)),
      ...(compositeNodeOutputs.length > 0 && archive("compositeNodes", urlOf)),
      video,
    },
    frameOutputs,
    compositeNodeOutputs,
  };
}

function presentOutput(file: RenderedFile, urlOf: (path: string) => string) {
  return {
    url: urlOf(file.relativePath),
    fileName: posix.basename(file.relativePath),
    relativePath: file.relativePath,
    view: file.view ?? "",
    legacy: false,
    compositeNodeName: file.compositeNodeName ?? "",
  };
}

function archive(name: "frames" | "compositeNodes", urlOf: (path: string) => string) {
  const fileName = `${name}.zip`;
  const url = urlOf(fileName);
  const output = { url, fileName, relativePath: fileName, view: "", legacy: false, compositeNodeName: "" };
  return { [`${name}Zip`]: url, [`${name}ZipOutputs`]: output };
}
