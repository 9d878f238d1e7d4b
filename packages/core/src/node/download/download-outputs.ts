import { open, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import pLimit from "p-limit";
import type { ClientEventListener } from "../../http/client-events.ts";
import type { Downloader } from "../../lifecycle/run-job.ts";
import type { DownloadEvent, DownloadedFile, DownloadSummary } from "../../outputs/download-event.ts";
import {
  choosePlaces,
  type DownloadRequest,
  describeFailedFile,
  findMissing,
  findProblem,
  isWanted,
  type Obtained,
  type OutputFilter,
  type OutputPlan,
  OutputUrls,
  obtainEach,
  type PlannedOutput,
  waitForOutputs,
} from "../../outputs/index.ts";
import { withEvents } from "../../runtime/with-events.ts";
import type { ByteSource } from "../../scene/byte-source.ts";
import type { Dispatchers } from "../connection/dispatchers.ts";
import { makeFolderBelow } from "../files/make-folder.ts";
import { withFile } from "../files/with-file.ts";
import { checkOutputFolder } from "./check-output-place.ts";
import { downloadFile } from "./download-file.ts";
import { DownloadRecord } from "./download-record.ts";
import { THOROUGH_CHECKS } from "./node-checks.ts";
import { checkReplaceable } from "./part-file.ts";
import { removeStaleParts } from "./stale-parts.ts";

/** Where the files go, and which. */
export interface DownloadOptions extends OutputFilter {
  readonly outDir: string;
  /** Names frames as Blender's output path does: `shot_####`. @default the names from the farm */
  readonly framePattern?: string | undefined;
  /** Keep complete images that are already there, whichever job they came from. @default false */
  readonly onlyMissing?: boolean | undefined;
  /** How many files are downloaded at the same time. @default 16 */
  readonly concurrency?: number | undefined;
}

interface Download {
  readonly request: DownloadRequest;
  readonly options: DownloadOptions;
  readonly dispatchers: Dispatchers;
  readonly record: DownloadRecord;
  readonly urls: OutputUrls;
  /** Where each file goes, relative to the output folder. */
  readonly places: ReadonlyMap<PlannedOutput, string>;
  /** Folders that are created and cleaned up, once each. */
  readonly folders: Map<string, Promise<void>>;
  readonly emit: (event: DownloadEvent) => void;
}

/**
 * A downloader for `runJob` that writes the job's files below `outDir`. Files that cannot be downloaded are listed in the
 * summary; the others are downloaded.
 */
export function createDownloader(dispatchers: Dispatchers, options: DownloadOptions): Downloader {
  return async function* download(request) {
    await checkOutputFolder(options.outDir);
    const outDir = resolve(options.outDir);
    const plan = yield* withEvents<DownloadEvent, OutputPlan>(request.signal, (emit, signal) =>
      waitForOutputs({ ...request, signal, onEvent: passRetries(emit) }),
    );
    const outputs = plan.outputs.filter(
      isWanted({ ...options, frames: options.frames ?? request.onlyFrames }),
    );
    await using record = await DownloadRecord.open(outDir, request.job.id);
    yield { type: "download-started", outDir, fileCount: outputs.length };
    const refused = plan.refused.map(({ name, error }) => describeFailedFile(name, error));
    for (const file of refused) yield { type: "file-failed", file };
    const obtained = yield* withEvents<DownloadEvent, Obtained<DownloadedFile>>(
      request.signal,
      (emit, signal) => {
        const context: Download = {
          request,
          options: { ...options, outDir },
          dispatchers,
          record,
          urls: new OutputUrls(outputs, () =>
            request.client.jobs.downloads(request.job.id, { signal, onEvent: passRetries(emit) }),
          ),
          places: choosePlaces(outputs, options.framePattern),
          folders: new Map(),
          emit,
        };
        const limit = pLimit(options.concurrency ?? 16);
        return obtainEach({
          outputs,
          limit: (work) => limit(work),
          signal,
          nameOf: (output) => placeOf(context, output),
          obtain: (output, stop) => obtain(context, output, stop),
          onFailed: (file) => emit({ type: "file-failed", file }),
        });
      },
    );
    await syncFolders(obtained.files);
    const summary: DownloadSummary = {
      outDir,
      files: obtained.files,
      ...findMissing(plan.outputs, request.expectedFrames, options.kinds),
      failedFiles: [...refused, ...obtained.failedFiles],
    };
    yield { type: "download-finished", summary };
    return summary;
  };
}

function passRetries(emit: Download["emit"]): ClientEventListener {
  return (event) => {
    if (event.type === "retry-scheduled") emit(event);
  };
}

function placeOf({ places }: Download, output: PlannedOutput): string {
  return places.get(output) ?? output.relativePath;
}

async function obtain(
  context: Download,
  output: PlannedOutput,
  signal: AbortSignal,
): Promise<DownloadedFile> {
  const { frame } = output;
  const { outDir } = context.options;
  const relativePath = placeOf(context, output);
  const path = join(outDir, ...relativePath.split("/"));
  await prepareFolder(context, dirname(path));
  const presentBytes = await findPresentBytes(context, path, relativePath);
  const sizeBytes = presentBytes ?? (await fetchFile(context, output, path, signal));
  const base = { relativePath, path, frame };
  const file = { ...base, sizeBytes, wasSkipped: presentBytes !== undefined };
  context.emit({ type: "file-finished", file });
  return file;
}

function prepareFolder({ folders, options }: Download, folder: string): Promise<void> {
  const known = folders.get(folder);
  if (known) return known;
  const prepared = makeFolderBelow(options.outDir, folder).then(() => removeStaleParts(folder));
  folders.set(folder, prepared);
  return prepared;
}

async function fetchFile(
  context: Download,
  output: PlannedOutput,
  path: string,
  signal: AbortSignal,
): Promise<number> {
  const { retry } = context.request.client.options;
  const relativePath = placeOf(context, output);
  const identity = await downloadFile({
    dispatchers: context.dispatchers,
    url: (refused) => context.urls.get(output.relativePath, refused),
    path,
    signal,
    retry,
    onRetry: ({ message, attempt, delayMs }) =>
      context.emit({
        type: "retry-scheduled",
        operation: "download",
        attempt,
        delayMs,
        isRateLimit: false,
        message: `${relativePath}: ${message}`,
      }),
    onProgress: (receivedBytes, totalBytes) =>
      context.emit({
        type: "file-progressed",
        relativePath,
        receivedBytes,
        totalBytes,
      }),
  });
  await context.record.add(relativePath, identity);
  return identity.sizeBytes;
}

/** The size of the file, if it does not need to be downloaded. */
async function findPresentBytes(
  context: Download,
  path: string,
  relativePath: string,
): Promise<number | undefined> {
  await checkReplaceable(path);
  const stats = await stat(path).catch(() => undefined);
  if (!stats) return undefined;
  if (await context.record.has(relativePath, path)) return stats.size;
  if (!context.options.onlyMissing) return undefined;
  const check = (content: ByteSource) =>
    findProblem(path, { content, isLengthKnown: false, checks: THOROUGH_CHECKS });
  const problem = await withFile(path, check).catch(() => "cannot be read");
  return problem === undefined ? stats.size : undefined;
}

/** File names are only on disk once their folders are synced. Not possible, and not needed, on Windows and some file servers. */
async function syncFolders(files: readonly DownloadedFile[]): Promise<void> {
  if (process.platform === "win32") return;
  const folders = new Set(files.map(({ path }) => dirname(path)));
  for (const folder of folders) {
    const handle = await open(folder, "r").catch(() => undefined);
    await handle?.sync().catch(() => undefined);
    await handle?.close();
  }
}
