import { DownloadError, type RenderjuiceError } from "../errors/index.ts";
import { type RetryPolicy, TRANSFER_RETRY_POLICY } from "../http/retry/policy.ts";
import { withRetry } from "../http/retry/with-retry.ts";
import { mayRenew, type StorageAnswer, StorageError } from "../http/storage/storage-error.ts";
import { findUrlProblem } from "../http/storage/storage-url.ts";
import type { Runtime } from "../runtime/runtime.ts";

export interface OutputFetch<Received> {
  /** As it is called in messages. */
  readonly file: string;
  /** Gives the URL; asked for another one with the one that the host has refused. */
  readonly url: (refused: string | undefined) => Promise<string>;
  /** One request. */
  readonly receive: (url: string) => Promise<Received>;
  readonly runtime: Runtime;
  readonly retry?: Partial<RetryPolicy> | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onRetry?: ((retry: { message: string; attempt: number; delayMs: number }) => void) | undefined;
}

/**
 * Fetches one output: repeats what may pass, and asks for a new URL when the host refuses the old one.
 *
 * @throws DownloadError `download_incomplete` when the URL cannot be used, or fresh ones are refused too.
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

/** What a host's answer other than the file means. */
export function readOutputRefusal(answer: Omit<StorageAnswer, "operation">): StorageError {
  return new StorageError({ ...answer, operation: "download" });
}

function unusableUrl(file: string, problem: string): DownloadError {
  return new DownloadError({
    code: "download_incomplete",
    message: `${file} cannot be fetched: what the API gave as its URL ${problem}.`,
    hint: "Fetch the file from the Renderjuice dashboard, and tell Renderjuice support.",
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
