import type { CallOptions } from "../call-options.ts";
import type { RenderClient } from "../client.ts";
import { apiErrorFrom, RenderjuiceError, UploadError } from "../errors/index.ts";
import { exchange } from "../http-exchange.ts";
import { DEFAULT_RETRY_POLICY } from "../retry/policy.ts";
import { readRetryAfterMs } from "../retry/retry-after.ts";
import { withRetry } from "../retry/with-retry.ts";
import type { UploadTarget } from "../schemas/index.ts";
import type { Source } from "../source.ts";

/** A target that is refused twice in a row without having expired will be refused again. */
const MAX_TARGETS = 3;
const UPLOAD_TIMEOUT_MS = 120_000;

export interface UploadOptions extends CallOptions {
  /** Called as bytes leave; starts again from 0 with each attempt. */
  readonly onProgress?: (sentBytes: number, totalBytes: number) => void;
  /** Called when the URL had expired and a new one was asked for. */
  readonly onTargetRenewed?: () => void;
}

/**
 * Puts the source into storage and returns its slug. Each attempt reads the source anew; an expired URL is
 * replaced by a new one.
 *
 * @throws UploadError when storage refuses the file, or the file changed underneath.
 */
export async function uploadSource(
  client: RenderClient,
  source: Source,
  options: UploadOptions = {},
): Promise<string> {
  const { fileName, fileType } = source;
  for (let targets = 1; ; targets++) {
    const target = await client.uploads.create({ fileName, fileType }, options);
    try {
      await putWithRetry(client, source, target, options);
      await source.checkUnchanged();
      return target.slug;
    } catch (error) {
      const isExpired = UploadError.isInstance(error) && error.code === "upload_expired";
      if (!isExpired || targets >= MAX_TARGETS) throw error;
      options.onTargetRenewed?.();
    }
  }
}

async function putWithRetry(
  client: RenderClient,
  source: Source,
  target: UploadTarget,
  options: UploadOptions,
) {
  const { runtime, retry } = client.options;
  await withRetry((attempt) => put(client, source, target, options, attempt), {
    policy: { ...DEFAULT_RETRY_POLICY, ...retry, ...options.retry },
    runtime,
    ...(options.signal && { signal: options.signal }),
    onRetry: ({ error, attempt, delayMs }) =>
      client.notify(
        {
          type: "retry-scheduled",
          operation: "upload",
          attempt,
          delayMs,
          isRateLimit: false,
          message: error.message,
        },
        options,
      ),
  });
}

/** No Authorization: storage refuses two ways of signing, and the key is none of its business. */
async function put(
  client: RenderClient,
  source: Source,
  target: UploadTarget,
  options: UploadOptions,
  attempt: number,
) {
  const { transport, runtime } = client.options;
  if (isPast(target.expiresAt, runtime.now())) throw expired(source, "Its time was over before it was used.");
  const body = new TrackedBody(source, options.onProgress);
  const response = await exchange({
    transport,
    runtime,
    operation: "upload",
    request: {
      method: "PUT",
      url: target.uploadUrl,
      headers: { "content-length": String(source.sizeBytes) },
      body,
      timeoutMs: options.timeoutMs ?? UPLOAD_TIMEOUT_MS,
      ...(options.signal && { signal: options.signal }),
    },
    attempt,
    secrets: [target.uploadUrl],
    onEvent: (event) => client.notify(event, options),
  }).catch((error) => {
    throw body.sourceError ?? error;
  });
  if (response.status >= 200 && response.status < 300) return;
  const retryAfterMs = readRetryAfterMs(response.headers, runtime.now());
  const error = apiErrorFrom({
    operation: "upload",
    status: response.status,
    method: "PUT",
    url: target.uploadUrl,
    body: response.text,
    contentType: response.headers["content-type"] ?? "",
    attempts: attempt,
    secrets: [target.uploadUrl],
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
  if ([401, 403, 410].includes(response.status)) throw expired(source, error.message, error);
  if (error.isRetryable) throw error;
  throw new UploadError({
    code: response.status === 413 ? "source_too_large" : "upload_rejected",
    message: `Storage refused ${source.fileName}: ${error.message}`,
    file: source.fileName,
    cause: error,
  });
}

function expired(source: Source, detail: string, cause?: unknown): UploadError {
  return new UploadError({
    code: "upload_expired",
    message: `The upload URL for ${source.fileName} is not valid any more. ${detail}`,
    file: source.fileName,
    ...(cause !== undefined && { cause }),
  });
}

function isPast(time: string | null | undefined, nowMs: number): boolean {
  // NaN, for a time that cannot be read, compares false: storage will tell.
  return time ? Date.parse(time) <= nowMs : false;
}

/** Counts what is sent, and remembers when it was the source that failed and not the connection. */
class TrackedBody implements AsyncIterable<Uint8Array> {
  readonly #source: Source;
  readonly #onProgress: UploadOptions["onProgress"];
  sourceError: unknown;

  constructor(source: Source, onProgress: UploadOptions["onProgress"]) {
    this.#source = source;
    this.#onProgress = onProgress;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    let sentBytes = 0;
    try {
      for await (const chunk of this.#source.open()) {
        yield chunk;
        sentBytes += chunk.byteLength;
        this.#onProgress?.(sentBytes, this.#source.sizeBytes);
      }
    } catch (error) {
      if (RenderjuiceError.isInstance(error)) this.sourceError = error;
      throw error;
    }
  }
}
