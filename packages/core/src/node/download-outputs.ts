import { open, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import pLimit from "p-limit";
import { DownloadError } from "../errors/index.ts";
import { missingFrames } from "../frames/index.ts";
import type { DownloadEvent, DownloadedFile, DownloadSummary } from "../lifecycle/job-event.ts";
import type { Downloader, DownloadRequest } from "../lifecycle/run-job.ts";
import { type PlannedOutput, planOutputs } from "../outputs/index.ts";
import type { Job } from "../schemas/index.ts";
import { withEvents } from "../with-events.ts";
import type { Dispatchers } from "./dispatchers.ts";
import { downloadFile } from "./download-file.ts";
import { DownloadRecord } from "./download-record.ts";
import { findSignatureProblem, SIGNATURE_BYTES } from "./file-signature.ts";
import { readEnds } from "./read-file.ts";

export type OutputKind = PlannedOutput["kind"];

export interface DownloadOptions {
  readonly outDir: string;
  /** @default ["frame", "compositeNode", "video"] */
  readonly kinds?: readonly OutputKind[];
  /** Leave every complete image that is there already, whichever job it came from. @default false */
  readonly onlyMissing?: boolean;
  /** Only these frames. @default all */
  readonly frames?: readonly number[];
  /** Files at a time. @default 16 */
  readonly concurrency?: number;
}

const DEFAULT_KINDS: readonly OutputKind[] = ["frame", "compositeNode", "video"];
/** A completed job may show empty lists for a short while. */
const OUTPUT_WAITS_MS = [1000, 2000, 4000, 8000, 15_000, 30_000];

interface Download {
  readonly request: DownloadRequest;
  readonly options: DownloadOptions;
  readonly dispatchers: Dispatchers;
  readonly record: DownloadRecord;
  readonly urls: OutputUrls;
  readonly signal: AbortSignal;
  readonly emit: (event: DownloadEvent) => void;
}

/** A downloader for `runJob` that writes the job's files under their own names below `outDir`. */
export function createDownloader(dispatchers: Dispatchers, options: DownloadOptions): Downloader {
  return async function* download(request) {
    const outDir = resolve(options.outDir);
    const outputs = await waitForOutputs(request, options);
    await using record = await DownloadRecord.open(outDir, request.job.id);
    yield { type: "download-started", outDir, fileCount: outputs.length };
    const files = yield* withEvents<DownloadEvent, DownloadedFile[]>(request.signal, (emit, signal) => {
      const urls = new OutputUrls(request, outputs);
      const context: Download = {
        request,
        options: { ...options, outDir },
        dispatchers,
        record,
        urls,
        signal,
        emit,
      };
      return downloadAll(context, outputs);
    });
    await syncFolders(files);
    const summary = summarise(outDir, files, request.expectedFrames);
    yield { type: "download-finished", summary };
    return summary;
  };
}

async function waitForOutputs(request: DownloadRequest, options: DownloadOptions): Promise<PlannedOutput[]> {
  const { client, job, signal } = request;
  for (const waitMs of [...OUTPUT_WAITS_MS, undefined]) {
    const outputs = planOutputs(await client.jobs.downloads(job.id, signal && { signal }));
    if (outputs.length > 0 || request.expectedFrames?.length === 0) return outputs.filter(isWanted(options));
    if (job.output?.isDeletedForClient || waitMs === undefined) break;
    await client.options.runtime.sleep(waitMs, signal);
  }
  throw nothingToDownload(job);
}

function isWanted({ kinds = DEFAULT_KINDS, frames }: DownloadOptions): (output: PlannedOutput) => boolean {
  const wanted = frames && new Set(frames);
  return ({ kind, frame }) => kinds.includes(kind) && (frame === undefined || !wanted || wanted.has(frame));
}

/** The first failure stops the others; what has arrived stays. */
async function downloadAll(context: Download, outputs: readonly PlannedOutput[]): Promise<DownloadedFile[]> {
  const limit = pLimit(context.options.concurrency ?? 16);
  const failed = new AbortController();
  const signal = AbortSignal.any([context.signal, failed.signal]);
  const results = await Promise.allSettled(
    outputs.map((output) =>
      limit(() => {
        signal.throwIfAborted();
        return obtain({ ...context, signal }, output);
      }).catch((error) => {
        failed.abort(error);
        throw error;
      }),
    ),
  );
  failed.signal.throwIfAborted();
  return results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}

async function obtain(context: Download, output: PlannedOutput): Promise<DownloadedFile> {
  const { relativePath, frame } = output;
  const path = join(context.options.outDir, ...relativePath.split("/"));
  const base = { relativePath, path, ...(frame !== undefined && { frame }) };
  const presentBytes = await findPresentBytes(context, path, relativePath);
  const sizeBytes = presentBytes ?? (await fetchFile(context, path, relativePath));
  const file = { ...base, sizeBytes, wasSkipped: presentBytes !== undefined };
  context.emit({ type: "file-finished", file });
  return file;
}

async function fetchFile(context: Download, path: string, relativePath: string): Promise<number> {
  const { retry } = context.request.client.options;
  const sizeBytes = await downloadFile({
    dispatchers: context.dispatchers,
    url: (refused) => context.urls.get(relativePath, refused),
    path,
    signal: context.signal,
    ...(retry && { retry }),
    onProgress: (receivedBytes, totalBytes) =>
      context.emit({
        type: "file-progressed",
        relativePath,
        receivedBytes,
        ...(totalBytes !== undefined && { totalBytes }),
      }),
  });
  await context.record.add({ relativePath, sizeBytes });
  return sizeBytes;
}

/** The size of the file when it need not be fetched. */
async function findPresentBytes(
  context: Download,
  path: string,
  relativePath: string,
): Promise<number | undefined> {
  const stats = await stat(path).catch(() => undefined);
  if (!stats?.isFile()) return undefined;
  if (context.record.sizeBytesOf(relativePath) === stats.size) return stats.size;
  if (!context.options.onlyMissing) return undefined;
  const { head, tail } = await readEnds(path, stats.size, SIGNATURE_BYTES);
  return findSignatureProblem(path, head, tail) === undefined ? stats.size : undefined;
}

/** The signed URLs, renewed together: files that expire do so at the same time. */
class OutputUrls {
  readonly #request: DownloadRequest;
  #urls: Map<string, string>;
  #renewal: Promise<void> | undefined;

  constructor(request: DownloadRequest, outputs: readonly PlannedOutput[]) {
    this.#request = request;
    this.#urls = urlsByPath(outputs);
  }

  /** @param refused the URL that the host did not take; another file may have had it renewed since */
  async get(relativePath: string, refused: string | undefined): Promise<string> {
    if (refused !== undefined && this.#urls.get(relativePath) === refused) {
      this.#renewal ??= this.#renew().finally(() => {
        this.#renewal = undefined;
      });
      await this.#renewal;
    }
    const url = this.#urls.get(relativePath);
    if (url) return url;
    throw new DownloadError({
      code: "downloads_unavailable",
      message: `The job does not offer ${relativePath} any more.`,
      file: relativePath,
    });
  }

  async #renew(): Promise<void> {
    const { client, job, signal } = this.#request;
    this.#urls = urlsByPath(planOutputs(await client.jobs.downloads(job.id, signal && { signal })));
  }
}

function urlsByPath(outputs: readonly PlannedOutput[]): Map<string, string> {
  return new Map(outputs.map(({ relativePath, url }) => [relativePath, url]));
}

function summarise(
  outDir: string,
  files: readonly DownloadedFile[],
  expected: readonly number[] | undefined,
): DownloadSummary {
  const present = files.flatMap(({ frame }) => (frame === undefined ? [] : [frame]));
  return { outDir, files, missingFrames: expected ? missingFrames(expected, present) : [] };
}

/** The names are on disk only when their folders are. Not possible, and not needed, on Windows. */
async function syncFolders(files: readonly DownloadedFile[]): Promise<void> {
  if (process.platform === "win32") return;
  const folders = new Set(files.map(({ path }) => join(path, "..")));
  for (const folder of folders) {
    const handle = await open(folder, "r");
    await handle.sync().finally(() => handle.close());
  }
}

function nothingToDownload(job: Job): DownloadError {
  return job.output?.isDeletedForClient
    ? new DownloadError({
        code: "downloads_unavailable",
        message: `The output of job ${job.id} has been deleted on the farm.`,
        hint: "Render again: the files cannot be fetched any more.",
      })
    : new DownloadError({
        code: "downloads_unavailable",
        message: `Job ${job.id} is ${job.status} but offers no files.`,
        hint: "Try again in a few minutes with the same job id; nothing is rendered or paid for again.",
      });
}
