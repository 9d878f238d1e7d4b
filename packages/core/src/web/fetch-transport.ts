import { TimeoutError } from "../errors/index.ts";
import { answerTooLong, MAX_ANSWER_BYTES } from "../http/answer-limit.ts";
import type { Transport, TransportRequest, TransportResponse, UploadBody } from "../http/transport.ts";
import { fetchFailure } from "./fetch-failure.ts";

/** `fetch` does not tell how much of a body has left: a large one gets the time that a slow line needs. */
const SLOW_UPLOAD_BYTES_PER_MS = 64;

/**
 * Sends requests with the platform's `fetch`. Redirects are not followed, cookies and referrers not sent.
 *
 * Uploads are held in memory, unless the source is a `blobSource`: `fetch` cannot send a stream with the length that
 * storage demands.
 *
 * @example
 * ```ts
 * import { createFetchTransport } from "@renderjuice/core/adapter";
 *
 * const transport = createFetchTransport();
 * const { status } = await transport({ method: "GET", url: "https://example.com/", headers: {}, timeoutMs: 5000 });
 * ```
 */
export function createFetchTransport(): Transport {
  const discretion = chooseDiscretion();
  return async (request) => {
    const { method, url, timeoutMs, signal } = request;
    const operation = `${method} ${URL.parse(url)?.pathname ?? "an address"}`;
    const body = typeof request.body === "object" ? await gather(request.body, signal) : request.body;
    const silence = new AbortController();
    const fallSilent = () =>
      silence.abort(new TimeoutError({ code: "request_timeout", operation, timeoutMs }));
    const sizeBytes = body instanceof Blob ? body.size : 0;
    let timer = setTimeout(fallSilent, timeoutMs + sizeBytes / SLOW_UPLOAD_BYTES_PER_MS);
    try {
      signal?.throwIfAborted();
      const response = await fetch(url, {
        ...discretion,
        method,
        headers: withoutLength(request.headers),
        redirect: "manual",
        signal: signal ? AbortSignal.any([signal, silence.signal]) : silence.signal,
        ...(body !== undefined && { body }),
      });
      clearTimeout(timer);
      // A body that comes in drops never falls silent: the whole has the time that silence has.
      timer = setTimeout(fallSilent, timeoutMs);
      return await readAnswer(response, request, operation);
    } catch (error) {
      signal?.throwIfAborted();
      silence.signal.throwIfAborted();
      throw fetchFailure(error, request, operation);
    } finally {
      clearTimeout(timer);
    }
  };
}

/** Polling wants no answer of yesterday. Cloudflare's Workers, which have no cache and no cookies, refuse these options. */
function chooseDiscretion(): RequestInit {
  const discretion = { cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer" } as const;
  try {
    new Request("https://example.invalid", discretion);
    return discretion;
  } catch {
    return {};
  }
}

/** `fetch` counts by itself. */
function withoutLength({ "content-length": _, ...headers }: TransportRequest["headers"]) {
  return headers;
}

/** Without a type, from which `fetch` would make a header that the URL was not signed with. */
async function gather(body: UploadBody, signal: AbortSignal | undefined): Promise<Blob> {
  if (body.blob) return body.blob.slice();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of body) {
    signal?.throwIfAborted();
    // A copy: a chunk is valid until the next is asked for.
    chunks.push(new Uint8Array(chunk));
  }
  return new Blob(chunks);
}

async function readAnswer(
  response: Response,
  request: TransportRequest,
  operation: string,
): Promise<TransportResponse> {
  // A browser hides which redirect it was, and where to.
  const status = response.type === "opaqueredirect" ? 302 : response.status;
  const headers = Object.fromEntries(response.headers);
  const decoder = new TextDecoder();
  const reader = response.body?.getReader();
  let text = "";
  let sizeBytes = 0;
  for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
    sizeBytes += next.value.byteLength;
    if (sizeBytes > MAX_ANSWER_BYTES) {
      reader?.cancel().catch(() => undefined);
      throw answerTooLong({ ...request, operation, status });
    }
    text += decoder.decode(next.value, { stream: true });
  }
  return { status, headers, text: text + decoder.decode() };
}
