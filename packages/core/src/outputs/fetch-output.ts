import { DownloadError, type RenderjuiceError } from "../errors/index.ts";
import { type RetryPolicy, TRANSFER_RETRY_POLICY } from "../http/retry/policy.ts";
import { withRetry } from "../http/retry/with-retry.ts";
import { mayRenew, type StorageAnswer, StorageError } from "../http/storage/storage-error.ts";
import { findUrlProblem } from "../http/storage/storage-url.ts";
import type { Runtime } from "../runtime/runtime.ts";

export interface OutputFetch<Received> {
  /** Its name in messages. */
  readonly file: string;
  /** Returns the URL, or a new one if called with a URL that the host has refused. */
  readonly url: (refused: string | undefined) => Promise<string>;
  /** Makes one request. */
  readonly receive: (url: string) => Promise<Received>;
  readonly runtime: Runtime;
  readonly retry?: Partial<RetryPolicy> | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onRetry?: ((retry: { message: string; attempt: number; delayMs: number }) => void) | undefined;
}

/**
 * Downloads one output: retries temporary failures, and gets a new URL if the host refuses the old one.
 *
 * @throws DownloadError `download_incomplete` if the URL is invalid, or if new URLs are refused too
 * @example
 * const urls = new OutputUrls(outputs, () => client.jobs.downloads(jobId));
 * const text = await fetchOutput({
 *   file: "frame_0001.png",
 *   url: (refused) => urls.get("frame_0001.png", refused),
 *   receive: async (url) => (await fetch(url)).arrayBuffer(),
 *   runtime: client.options.runtime,
 * });
 */
export async function fetchOutput<Received>(fetch: OutputFetch<Received>): Promise<Received> {
  let refused: string | undefined;
  for (let renewals = 0; ; renewals++) {
    const url = await fetch.url(refused);
    const problem = findUrlProblem(url);
    if (problem !== undefined) throw unusableUrl(fetch.file, problem);
    try {
      return await receiveWithRetry(fetch, url);
    } catch (error) {
      if (!StorageError.isInstance(error)) throw error;
      if (url === refused || !mayRenew(error, renewals)) throw refusedForGood(fetch.file, error);
      refused = url;
    }
  }
}

function receiveWithRetry<Received>(fetch: OutputFetch<Received>, url: string): Promise<Received> {
  return withRetry(() => fetch.receive(url), {
    policy: { ...TRANSFER_RETRY_POLICY, ...fetch.retry },
    runtime: fetch.runtime,
    signal: fetch.signal,
    onRetry: ({ error, attempt, delayMs }) => fetch.onRetry?.({ message: error.message, attempt, delayMs }),
  });
}

/**
 * The error for a response that is not the file.
 *
 * @example
 * const response = await fetch(url);
 * if (!response.ok) {
 *   throw readOutputRefusal({
 *     file: "frame_0001.png",
 *     url,
 *     status: response.status,
 *     headers: joinHeaders(Object.fromEntries(response.headers)),
 *     text: await response.text(),
 *     nowMs: Date.now(),
 *   });
 * }
 */
export function readOutputRefusal(answer: Omit<StorageAnswer, "operation">): StorageError {
  return new StorageError({ ...answer, operation: "download" });
}

function unusableUrl(file: string, problem: string): DownloadError {
  return new DownloadError({
    code: "download_incomplete",
    message: `${file} cannot be downloaded: its URL from the API ${problem}.`,
    hint: "Download the file from the Renderjuice dashboard, and tell Renderjuice support.",
    file,
  });
}

function refusedForGood(file: string, error: StorageError): RenderjuiceError {
  if (error.isRetryable) return error;
  const { message, hint } = error;
  return new DownloadError({
    code: "download_incomplete",
    message,
    hint,
    file,
    cause: error,
  });
}
