import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { request } from "undici";
import { apiErrorFrom, DownloadError } from "../errors/index.ts";
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from "../retry/policy.ts";
import { readRetryAfterMs } from "../retry/retry-after.ts";
import { withRetry } from "../retry/with-retry.ts";
import { connectionFailure } from "./connection-failure.ts";
import type { Dispatchers } from "./dispatchers.ts";
import { findSignatureProblem, SIGNATURE_BYTES } from "./file-signature.ts";
import { nodeRuntime } from "./node-runtime.ts";
import { joinHeaders } from "./undici-transport.ts";

const TIMEOUT_MS = 60_000;
/** Answers that mean "this URL is not good any more" on one storage host or another. */
const EXPIRED_STATUSES = [401, 403, 404, 410];
const MAX_URL_RENEWALS = 2;

export interface FileDownload {
  readonly dispatchers: Dispatchers;
  /** Gives the URL; asked for another one with the one that the host has refused. */
  readonly url: (refused: string | undefined) => Promise<string>;
  readonly path: string;
  readonly retry?: Partial<RetryPolicy>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (receivedBytes: number, totalBytes: number | undefined) => void;
  readonly onRetry?: (retry: { message: string; attempt: number; delayMs: number }) => void;
}

/** What has arrived so far; kept from one attempt to the next. */
interface Received {
  bytes: number;
  totalBytes: number | undefined;
  /** Set while the rest can be asked for: only with a strong ETag are both halves surely of one file. */
  etag: string | undefined;
  head: Buffer;
  tail: Buffer;
}

/**
 * Downloads one file: into a temporary name beside its place, resumed by `Range` after a cut connection, checked,
 * synced and renamed. A file with its final name is complete.
 *
 * @returns its size in bytes
 * @throws DownloadError `download_incomplete`, `download_corrupt`
 */
export async function downloadFile(options: FileDownload): Promise<number> {
  const partPath = `${options.path}.part`;
  const handle = await openPart(partPath);
  let isComplete = false;
  try {
    const received = await receiveAll(handle, options);
    checkContent(options.path, received);
    await handle.datasync();
    isComplete = true;
    return received.bytes;
  } finally {
    await handle.close();
    // After the handle is closed, as Windows cannot rename an open file.
    await (isComplete ? rename(partPath, options.path) : rm(partPath, { force: true }));
  }
}

async function openPart(partPath: string): Promise<FileHandle> {
  try {
    return await open(partPath, "w");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    await mkdir(dirname(partPath), { recursive: true });
    return open(partPath, "w");
  }
}

async function receiveAll(handle: FileHandle, options: FileDownload): Promise<Received> {
  const received: Received = {
    bytes: 0,
    totalBytes: undefined,
    etag: undefined,
    head: Buffer.alloc(0),
    tail: Buffer.alloc(0),
  };
  let url: string | undefined;
  for (let renewals = 0; ; renewals++) {
    const current = await options.url(url);
    url = current;
    const isDone = await withRetry(() => receive(handle, current, received, options), {
      policy: { ...DEFAULT_RETRY_POLICY, ...options.retry },
      runtime: nodeRuntime,
      ...(options.signal && { signal: options.signal }),
      onRetry: ({ error, attempt, delayMs }) =>
        options.onRetry?.({ message: error.message, attempt, delayMs }),
    });
    if (isDone) return received;
    if (renewals >= MAX_URL_RENEWALS) {
      throw new DownloadError({
        code: "download_incomplete",
        message: `The file host refuses ${options.path}, with fresh URLs too.`,
        hint: "The output may have been deleted. Look at the job in the Renderjuice dashboard.",
        file: options.path,
      });
    }
  }
}

/** One request. False when the URL is not good any more. */
async function receive(
  handle: FileHandle,
  url: string,
  received: Received,
  options: FileDownload,
): Promise<boolean> {
  const { signal } = options;
  if (received.etag === undefined) await startOver(handle, received);
  try {
    const response = await request(url, {
      dispatcher: options.dispatchers.for(url),
      headers: received.etag ? { range: `bytes=${received.bytes}-`, "if-range": received.etag } : {},
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
      ...(signal && { signal }),
    });
    const headers = joinHeaders(response.headers);
    const { statusCode: status } = response;
    if (status !== 200 && status !== 206) {
      const text = (await response.body.text()).slice(0, 4096);
      if (EXPIRED_STATUSES.includes(status)) return false;
      if (status === 416 && received.etag) return await receiveAnew(handle, url, received, options);
      throw refusal(status, url, text, headers, options.path);
    }
    if (status === 206 && !headers["content-range"]?.startsWith(`bytes ${received.bytes}-`)) {
      await response.body.dump();
      return await receiveAnew(handle, url, received, options);
    }
    if (status === 200) await startOver(handle, received);
    noteHeaders(received, headers);
    for await (const chunk of response.body) await append(handle, received, chunk, options);
  } catch (error) {
    signal?.throwIfAborted();
    throw connectionFailure(error, url, TIMEOUT_MS, "download");
  }
  return true;
}

/** For hosts that do not give the range that was asked for. */
function receiveAnew(
  handle: FileHandle,
  url: string,
  received: Received,
  options: FileDownload,
): Promise<boolean> {
  received.etag = undefined;
  return receive(handle, url, received, options);
}

function noteHeaders(received: Received, headers: Record<string, string>): void {
  const { etag } = headers;
  received.etag = etag && !etag.startsWith("W/") && headers["accept-ranges"] !== "none" ? etag : undefined;
  const lengthBytes = Number(headers["content-length"]);
  received.totalBytes = Number.isInteger(lengthBytes) ? received.bytes + lengthBytes : undefined;
}

async function append(
  handle: FileHandle,
  received: Received,
  chunk: Buffer,
  options: FileDownload,
): Promise<void> {
  await handle.write(chunk, 0, chunk.length, received.bytes);
  if (received.head.length < SIGNATURE_BYTES) {
    received.head = Buffer.concat([received.head, chunk.subarray(0, SIGNATURE_BYTES)]).subarray(
      0,
      SIGNATURE_BYTES,
    );
  }
  received.tail = Buffer.concat([received.tail, chunk.subarray(-SIGNATURE_BYTES)]).subarray(-SIGNATURE_BYTES);
  received.bytes += chunk.length;
  options.onProgress?.(received.bytes, received.totalBytes);
}

async function startOver(handle: FileHandle, received: Received): Promise<void> {
  if (received.bytes === 0) return;
  await handle.truncate(0);
  Object.assign(received, { bytes: 0, head: Buffer.alloc(0), tail: Buffer.alloc(0) });
}

function refusal(status: number, url: string, body: string, headers: Record<string, string>, path: string) {
  const retryAfterMs = readRetryAfterMs(headers, Date.now());
  const error = apiErrorFrom({
    operation: "download",
    status,
    method: "GET",
    url,
    body,
    contentType: headers["content-type"] ?? "",
    attempts: 1,
    secrets: [url],
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
  if (error.isRetryable) return error;
  return new DownloadError({
    code: "download_incomplete",
    message: `The file host refuses ${path}: ${error.message}`,
    file: path,
    cause: error,
  });
}

function checkContent(path: string, { head, tail, bytes, totalBytes }: Received): void {
  const problem =
    totalBytes !== undefined && bytes !== totalBytes
      ? `${bytes} of ${totalBytes} bytes arrived`
      : findSignatureProblem(path, head, tail);
  if (problem === undefined) return;
  throw new DownloadError({
    code: "download_corrupt",
    message: `${path} was downloaded, but ${problem}.`,
    hint: "Download again. If it stays so, the file is broken on the farm: render that frame again.",
    file: path,
  });
}
