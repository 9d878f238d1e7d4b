import { DownloadError } from "../../errors/index.ts";
import { joinHeaders } from "../../http/join-headers.ts";
import type { StorageError } from "../../http/storage/storage-error.ts";
import { fetchOutput, type OutputFetch, readOutputRefusal } from "../../outputs/fetch-output.ts";
import { corruptFile, findProblem } from "../../outputs/received-file.ts";
import { systemRuntime } from "../../web/system-runtime.ts";
import { connectionFailure } from "../connection/connection-failure.ts";
import { decodeBody, readEncodings } from "../connection/decode-body.ts";
import type { Dispatchers } from "../connection/dispatchers.ts";
import { sendStorageRequest } from "../connection/send-storage-request.ts";
import { NODE_CHECKS } from "./node-checks.ts";
import { PartFile } from "./part-file.ts";
import { NotTheRest, Reception } from "./reception.ts";

const TIMEOUT_MS = 60_000;
const MAX_REFUSAL_CHARACTERS = 4096;

export interface FileDownload extends Pick<OutputFetch<void>, "url" | "retry" | "signal" | "onRetry"> {
  readonly dispatchers: Dispatchers;
  readonly path: string;
  readonly onProgress?: (receivedBytes: number, totalBytes: number | undefined) => void;
}

/** Distinguishes a file on disk from another one with the same name. */
export interface FileIdentity {
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly inode: number;
  readonly modifiedMs: number;
}

interface Transfer {
  readonly options: FileDownload;
  readonly part: PartFile;
  readonly reception: Reception;
}

/**
 * Downloads one file: to a temporary name in the same folder, resumed with `Range` after a lost connection, checked by its
 * structure, synced and renamed. A file with its final name is complete.
 *
 * @throws DownloadError `download_incomplete`, `download_corrupt`
 * @throws FileSystemError if it cannot be written
 */
export async function downloadFile(options: FileDownload): Promise<FileIdentity> {
  await using part = await PartFile.create(options.path);
  const reception = new Reception(part);
  await receiveIntact({ options, part, reception });
  const place = await part.finish();
  return { sizeBytes: part.sizeBytes, sha256: reception.sha256(), ...place };
}

/** A damaged file is downloaded once more from the start: it may have been put together from two different files. */
async function receiveIntact(transfer: Transfer): Promise<void> {
  const { options, reception } = transfer;
  const receiveOnce = () =>
    fetchOutput<void>({
      ...options,
      file: options.path,
      runtime: systemRuntime,
      receive: (url) => receive(url, transfer),
    });
  await receiveOnce();
  if ((await findReceivedProblem(transfer)) === undefined) return;
  reception.forget();
  await receiveOnce();
  const problem = await findReceivedProblem(transfer);
  if (problem !== undefined) throw corruptFile(options.path, problem);
}

async function findReceivedProblem({ options, part, reception }: Transfer): Promise<string | undefined> {
  const { isLengthKnown } = reception;
  return (
    reception.findLengthProblem() ??
    (await findProblem(options.path, { content: part, isLengthKnown, checks: NODE_CHECKS }))
  );
}

/** One request, and a second one if the host does not send the rest of the same file. */
async function receive(url: string, transfer: Transfer): Promise<void> {
  const { options, reception } = transfer;
  const { signal } = options;
  try {
    return await receiveAnswer(url, transfer);
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof NotTheRest)) throw connectionFailure(error, url, TIMEOUT_MS, "download");
  }
  reception.forget();
  return receive(url, transfer);
}

async function receiveAnswer(url: string, transfer: Transfer): Promise<void> {
  const { options, part, reception } = transfer;
  const { path, signal } = options;
  const response = await sendStorageRequest(url, {
    dispatchers: options.dispatchers,
    method: "GET",
    headers: reception.requestHeaders(),
    timeoutMs: TIMEOUT_MS,
    operation: "download",
    signal,
  });
  const { statusCode: status, body } = response;
  const headers = joinHeaders(response.headers);
  const encodings = readEncodings(headers["content-encoding"]);
  try {
    if (status === 200) await reception.beginWhole(headers, encodings.length > 0);
    else if (reception.hasAskedForRest && status === 206) await reception.beginRest(headers);
    else if (reception.hasAskedForRest && status === 416) throw new NotTheRest();
    else if (status === 206) throw partWithoutAsking(path);
    else throw await readRefusal(path, url, status, headers, body);
    for await (const chunk of decodeBody(body, encodings, path)) {
      await reception.append(chunk);
      options.onProgress?.(part.sizeBytes, reception.totalBytes);
    }
  } finally {
    // An unwanted body is not read to its end.
    body.on("error", () => undefined).destroy();
  }
}

async function readRefusal(
  file: string,
  url: string,
  status: number,
  headers: Record<string, string>,
  body: AsyncIterable<Buffer>,
): Promise<StorageError> {
  const text = await readStart(body);
  return readOutputRefusal({ file, url, status, headers, text, nowMs: Date.now() });
}

/** Enough of an error response to explain it. */
async function readStart(body: AsyncIterable<Buffer>): Promise<string> {
  let text = "";
  for await (const chunk of body) {
    text += chunk.toString("utf8");
    if (text.length >= MAX_REFUSAL_CHARACTERS) break;
  }
  return text.slice(0, MAX_REFUSAL_CHARACTERS);
}

function partWithoutAsking(file: string): DownloadError {
  return new DownloadError({
    code: "download_incomplete",
    message: `The file host sent only a part of ${file}, although the whole file was requested.`,
    hint: "A proxy or cache may be broken. Download again; if it keeps failing, use another network.",
    file,
  });
}
