import { apiErrorFrom, DownloadError, type RenderjuiceError } from "../errors/index.ts";
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from "../retry/policy.ts";
import { readRetryAfterMs } from "../retry/retry-after.ts";
import { withRetry } from "../retry/with-retry.ts";
import type { Runtime } from "../runtime.ts";

/** Answers that mean "this URL is not good any more" on one storage host or another. */
const EXPIRED_STATUSES = [401, 403, 404, 410];
const MAX_URL_RENEWALS = 2;

export interface OutputFetch<Received> {
  /** As it is called in messages. */
  readonly file: string;
  /** Gives the URL; asked for another one with the one that the host has refused. */
  readonly url: (refused: string | undefined) => Promise<string>;
  /** One request; undefined when the URL is not good any more. */
  readonly receive: (url: string) => Promise<Received | undefined>;
  readonly runtime: Runtime;
  readonly retry?: Partial<RetryPolicy>;
  readonly signal?: AbortSignal;
  readonly onRetry?: (retry: { message: string; attempt: number; delayMs: number }) => void;
}

/**
 * Fetches one output: repeats what may pass, and asks for a new URL when the host refuses the old one.
 *
 * @throws DownloadError `download_incomplete` when fresh URLs are refused too.
 */
export async function fetchOutput<Received>(fetch: OutputFetch<Received>): Promise<Received> {
  let url: string | undefined;
  for (let renewals = 0; renewals <= MAX_URL_RENEWALS; renewals++) {
    const current = await fetch.url(url);
    url = current;
    const received = await withRetry(() => fetch.receive(current), {
      policy: { ...DEFAULT_RETRY_POLICY, ...fetch.retry },
      runtime: fetch.runtime,
      ...(fetch.signal && { signal: fetch.signal }),
      onRetry: ({ error, attempt, delayMs }) => fetch.onRetry?.({ message: error.message, attempt, delayMs }),
    });
    if (received !== undefined) return received;
  }
  throw new DownloadError({
    code: "download_incomplete",
    message: `The file host refuses ${fetch.file}, with fresh URLs too.`,
    hint: "The output may have been deleted. Look at the job in the Renderjuice dashboard.",
    file: fetch.file,
  });
}

export interface OutputRefusal {
  readonly file: string;
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly nowMs: number;
}

/** What a host's answer other than the file means. @returns undefined when the URL is not good any more */
export function readOutputRefusal(refusal: OutputRefusal): RenderjuiceError | undefined {
  const { file, url, status, headers, text, nowMs } = refusal;
  if (EXPIRED_STATUSES.includes(status)) return undefined;
  const retryAfterMs = readRetryAfterMs(headers, nowMs);
  const error = apiErrorFrom({
    operation: "download",
    status,
    method: "GET",
    url,
    body: text,
    contentType: headers["content-type"] ?? "",
    attempts: 1,
    secrets: [url],
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
  if (error.isRetryable) return error;
  return new DownloadError({
    code: "download_incomplete",
    message: `The file host refuses ${file}: ${error.message}`,
    file,
    cause: error,
  });
}
