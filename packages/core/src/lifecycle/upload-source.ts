import type { RenderClient } from "../client.ts";
import type { UploadTarget } from "../contract/index.ts";
import { RenderjuiceError, UploadError } from "../errors/index.ts";
import type { CallOptions } from "../http/call-options.ts";
import { exchange } from "../http/exchange.ts";
import { TRANSFER_RETRY_POLICY } from "../http/retry/policy.ts";
import { withRetry } from "../http/retry/with-retry.ts";
import { mayRenew, StorageError } from "../http/storage/storage-error.ts";
import { findUrlProblem, MAX_REDIRECTS, readRedirect } from "../http/storage/storage-url.ts";
import { readUploadHeaders } from "../http/storage/upload-headers.ts";
import type { TransportResponse, UploadBody } from "../http/transport.ts";
import type { Source } from "../scene/source.ts";

const UPLOAD_TIMEOUT_MS = 120_000;

/** Options of `uploadSource`. */
export interface UploadOptions extends CallOptions {
  /** Called as bytes leave, as far as the transport can tell; starts again from 0 with each attempt. */
  readonly onProgress?: ((sentBytes: number, totalBytes: number) => void) | undefined;
  /** Called when the URL had expired and a new one is requested. */
  readonly onTargetRenewed?: (() => void) | undefined;
}

/**
 * Uploads the source and returns its slug. Each attempt reads the source from the beginning. An expired URL is replaced by
 * a new one; storage decides whether it has expired, since the local clock may be wrong.
 *
 * @throws UploadError if storage refuses the file, or if the file changes during the upload
 * @example
 * const slug = await uploadSource(client, await openSource("shot.blend"));
 */
export async function uploadSource(
  client: RenderClient,
  source: Source,
  options: UploadOptions = {},
): Promise<string> {
  const { fileName, fileType } = source;
  for (let renewals = 0; ; renewals++) {
    const target = await client.uploads.create({ fileName, fileType }, options);
    try {
      await putWithRetry({ client, source, target, options });
      await source.checkUnchanged();
      return target.slug;
    } catch (error) {
      if (!StorageError.isInstance(error)) throw error;
      if (!mayRenew(error, renewals)) throw refusedForGood(source, error);
      options.onTargetRenewed?.();
    }
  }
}

interface Upload {
  readonly client: RenderClient;
  readonly source: Source;
  readonly target: UploadTarget;
  readonly options: UploadOptions;
}

async function putWithRetry(upload: Upload): Promise<void> {
  const { client, source, target, options } = upload;
  const problem = findUrlProblem(target.uploadUrl);
  if (problem !== undefined) throw unusableUrl(source, problem);
  const { runtime, retry } = client.options;
  await withRetry((attempt) => putUnchanged(upload, target.uploadUrl, attempt), {
    policy: { ...TRANSFER_RETRY_POLICY, ...retry, ...options.retry },
    runtime,
    signal: options.signal,
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

/** A changed source makes the upload fail, and would make every retry fail too. */
async function putUnchanged(upload: Upload, url: string, attempt: number): Promise<void> {
  try {
    await put(upload, url, attempt);
  } catch (error) {
    if (RenderjuiceError.isInstance(error)) await upload.source.checkUnchanged();
    throw error;
  }
}

async function put(upload: Upload, url: string, attempt: number, redirects = 0): Promise<void> {
  const { client, source, target } = upload;
  const { headers, guessed } = readUploadHeaders(target, source.sizeBytes);
  const response = await send(upload, url, headers, attempt);
  if (response.status >= 200 && response.status < 300) return;
  const next = redirects < MAX_REDIRECTS ? readRedirect(url, response) : undefined;
  if (next !== undefined) return put(upload, next, attempt, redirects + 1);
  throw new StorageError({
    ...response,
    operation: "upload",
    file: source.fileName,
    url,
    nowMs: client.options.runtime.now(),
    mayBeUsedUp: attempt > 1,
    guessedHeaders: guessed,
  });
}

/** Without an Authorization header: storage refuses a second signature, and must not see the key. */
async function send(
  { client, source, options }: Upload,
  url: string,
  headers: Readonly<Record<string, string>>,
  attempt: number,
): Promise<TransportResponse> {
  const { transport, runtime } = client.options;
  const body = new TrackedBody(source, options.onProgress);
  return exchange({
    transport,
    runtime,
    operation: "upload",
    request: {
      method: "PUT",
      url,
      headers,
      body,
      timeoutMs: options.timeoutMs ?? UPLOAD_TIMEOUT_MS,
      signal: options.signal,
    },
    attempt,
    secrets: [url],
    onEvent: (event) => client.notify(event, options),
  }).catch((error) => {
    throw body.sourceError ?? error;
  });
}

function unusableUrl({ fileName: file }: Source, problem: string): UploadError {
  return new UploadError({
    code: "upload_rejected",
    message: `${file} cannot be uploaded: the upload URL from the API ${problem}.`,
    hint: "Check the API URL. If it is right, tell Renderjuice support.",
    file,
  });
}

function refusedForGood({ fileName: file }: Source, error: StorageError): RenderjuiceError {
  if (error.isRetryable) return error;
  const { message, hint, remedy } = error;
  return new UploadError({
    code: remedy === "renew" ? "upload_expired" : "upload_rejected",
    message,
    hint,
    file,
    cause: error,
  });
}

function otherSize({ fileName: file }: Source, size: "longer" | "shorter"): UploadError {
  return new UploadError({
    code: "source_changed",
    message: `${file} changed in size while it was being uploaded: it is ${size} now.`,
    hint: "Submit again when nothing is writing to it. No job was created.",
    file,
  });
}

/** Counts what is sent, which must match the announced size, and remembers whether the source failed rather than the connection. */
class TrackedBody implements UploadBody {
  readonly #source: Source;
  readonly #onProgress: UploadOptions["onProgress"];
  readonly blob: Blob | undefined;
  sourceError: unknown;

  constructor(source: Source, onProgress: UploadOptions["onProgress"]) {
    this.#source = source;
    this.blob = source.blob;
    this.#onProgress = onProgress;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    let sentBytes = 0;
    try {
      const { sizeBytes } = this.#source;
      for await (const chunk of this.#source.open()) {
        if (sentBytes + chunk.byteLength > sizeBytes) throw otherSize(this.#source, "longer");
        yield chunk;
        sentBytes += chunk.byteLength;
        this.#onProgress?.(sentBytes, sizeBytes);
      }
      if (sentBytes < sizeBytes) throw otherSize(this.#source, "shorter");
    } catch (error) {
      this.sourceError = error;
      throw error;
    }
  }
}
