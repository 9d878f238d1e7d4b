import { type Dispatcher, request } from "undici";
import { connectionFailure } from "./connection-failure.ts";
import type { Dispatchers } from "./dispatchers.ts";

export interface NodeRequest {
  readonly dispatchers: Dispatchers;
  readonly method: Dispatcher.HttpMethod;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | AsyncIterable<Uint8Array> | undefined;
  /** Milliseconds without any data after which the request is abandoned. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** What is being done, such as `"download"`. */
  readonly operation: string;
}

/**
 * undici's `request`, with our errors. Reading the body may fail too: see `connectionFailure`.
 *
 * @throws ConnectionError, TimeoutError `request_timeout`, ConfigError for an invalid proxy
 * @throws the signal's reason as soon as it is aborted
 */
export async function sendRequest(url: string, options: NodeRequest): Promise<Dispatcher.ResponseData> {
  const { dispatchers, method, headers, body, timeoutMs, signal, operation } = options;
  try {
    const response = request(url, {
      dispatcher: dispatchers.for(url),
      method,
      headers,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      ...(body !== undefined && { body: body as string }),
      ...(signal && { signal }),
    });
    return await untilAborted(response, signal);
  } catch (error) {
    signal?.throwIfAborted();
    throw connectionFailure(error, url, timeoutMs, operation);
  }
}

/** undici only reacts to an abort once the request has a connection. */
async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
