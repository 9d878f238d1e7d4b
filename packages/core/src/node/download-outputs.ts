import { open, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import pLimit from "p-limit";
import { missingFrames } from "../frames/index.ts";
import type { DownloadEvent, DownloadedFile, DownloadSummary } from "../lifecycle/job-event.ts";
import type { Downloader } from "../lifecycle/run-job.ts";
import { findSignatureProblem, SIGNATURE_BYTES } from "../outputs/file-signature.ts";
import {
  type DownloadRequest,
  isWanted,
  nameFrame,
  type OutputFilter,
  OutputUrls,
  type PlannedOutput,
  waitForOutputs,
} from "../outputs/index.ts";
import { withEvents } from "../with-events.ts";
import type { Dispatchers } from "./dispatchers.ts";
import { downloadFile } from "./download-file.ts";
import { DownloadRecord } from "./download-record.ts";
import { readEnds } from "./read-file.ts";

export interface DownloadOptions extends OutputFilter {
  readonly outDir: string;
  /** Names frames as Blender's output path would: `shot_####`. @default the names the farm gives them */
  readonly framePattern?: string;
  /** Leave every complete image that is there already, whichever job it came from. @default false */
  readonly onlyMissing?: boolean;
  /** Files at a time. @default 16 */
  readonly concurrency?: number;
}

interface Download {
  readonly request: DownloadRequest;
  readonly options: DownloadOptions;
  readonly dispatchers: Dispatchers;
  readonly record: DownloadRecord;
  readonly urls: OutputUrls;
  /** Where each file goes, below the output folder. */
  readonly places: ReadonlyMap<PlannedOutput, string>;
  readonly signal: AbortSignal;
  readonly emit: (event: DownloadEvent) => void;
}

/** A downloader for `runJob` that writes the job's files under their own names below `outDir`. */
export function createDownloader(dispatchers: Dispatchers, options: DownloadOptions): Downloader {
  return async function* download(request) {
    const outDir = resolve(options.outDir);
    const outputs = (await waitForOutputs(request)).filter(isWanted(options));
    await using record = await DownloadRecord.open(outDir, request.job.id);
    yield { type: "download-started", outDir, fileCount: outputs.length };
    const files = yield* withEvents<DownloadEvent, DownloadedFile[]>(request.signal, (emit, signal) => {
      const urls = new OutputUrls(outputs, () => request.client.jobs.downloads(request.job.id, { signal }));
      const context: Download = {
        request,
        options: { ...options, outDir },
        dispatchers,
        record,
        urls,
        places: choosePlaces(outputs, options.framePattern),
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

/** Two files of one frame cannot share a name: the second keeps its own. */
function choosePlaces(
  outputs: readonly PlannedOutput[],
  framePattern: string | undefined,
): Map<PlannedOutput, string> {
  const places = new Map(outputs.map((output) => [output, output.relativePath]));
  if (framePattern === undefined) return places;
  const taken = new Set<string>();
  for (const output of outputs) {
    if (output.kind !== "frame" || output.frame === undefined) continue;
    const name = nameFrame(framePattern, output.frame, output.relativePath, output.view);
    if (taken.has(name)) continue;
    taken.add(name);
    places.set(output, name);
  }
  return places;
}

async function obtain(context: Download, output: PlannedOutput): Promise<DownloadedFile> {
  const { frame } = output;
  const relativePath = context.places.get(output) ?? output.relativePath;
  const path = join(context.options.outDir, ...relativePath.split("/"));
  const base = { relativePath, path, ...(frame !== undefined && { frame }) };
  const presentBytes = await findPresentBytes(context, path, relativePath);
  const sizeBytes = presentBytes ?? (await fetchFile(context, output, path, relativePath));
  const file = { ...base, sizeBytes, wasSkipped: presentBytes !== undefined };
  context.emit({ type: "file-finished", file });
  return file;
}

async function fetchFile(
  context: Download,
  output: PlannedOutput,
  path: string,
  relativePath: string,
): Promise<number> {
  const { retry } = context.request.client.options;
  const sizeBytes = await downloadFile({
    dispatchers: context.dispatchers,
    url: (refused) => context.urls.get(output.relativePath, refused),
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
