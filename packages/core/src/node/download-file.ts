import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { fetchOutput, type OutputFetch, readOutputRefusal } from "../outputs/fetch-output.ts";
import { checkReceivedFile, SIGNATURE_BYTES } from "../outputs/file-signature.ts";
import { connectionFailure } from "./connection-failure.ts";
import type { Dispatchers } from "./dispatchers.ts";
import { nodeRuntime } from "./node-runtime.ts";
import { sendStorageRequest } from "./send-storage-request.ts";
import { joinHeaders } from "./undici-transport.ts";

const TIMEOUT_MS = 60_000;

export interface FileDownload extends Pick<OutputFetch<Received>, "url" | "retry" | "signal" | "onRetry"> {
  readonly dispatchers: Dispatchers;
  readonly path: string;
  readonly onProgress?: (receivedBytes: number, totalBytes: number | undefined) => void;
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
    checkReceivedFile(options.path, {
      ...received,
      sizeBytes: received.bytes,
      expectedBytes: received.totalBytes,
    });
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
  return fetchOutput({
    ...options,
    file: options.path,
    runtime: nodeRuntime,
    receive: (url) => receive(handle, url, received, options),
  });
}

/** One request. */
async function receive(
  handle: FileHandle,
  url: string,
  received: Received,
  options: FileDownload,
): Promise<Received> {
  const { signal } = options;
  if (received.etag === undefined) await startOver(handle, received);
  try {
    const response = await sendStorageRequest(url, {
      dispatchers: options.dispatchers,
      method: "GET",
      headers: received.etag ? { range: `bytes=${received.bytes}-`, "if-range": received.etag } : {},
      timeoutMs: TIMEOUT_MS,
      operation: "download",
      ...(signal && { signal }),
    });
    const headers = joinHeaders(response.headers);
    const { statusCode: status } = response;
    if (status !== 200 && status !== 206) {
      const text = (await response.body.text()).slice(0, 4096);
      if (status === 416 && received.etag) return await receiveAnew(handle, url, received, options);
      throw readOutputRefusal({ file: options.path, url, status, headers, text, nowMs: Date.now() });
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
  return received;
}

/** For hosts that do not give the range that was asked for. */
function receiveAnew(
  handle: FileHandle,
  url: string,
  received: Received,
  options: FileDownload,
): Promise<Received> {
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
