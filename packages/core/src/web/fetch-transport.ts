import { TimeoutError } from "../errors/index.ts";
import { answerTooLong, MAX_ANSWER_BYTES } from "../http/answer-limit.ts";
import type { Transport, TransportRequest, TransportResponse, UploadBody } from "../http/transport.ts";
import { fetchFailure } from "./fetch-failure.ts";

/** `fetch` does not report how much it has sent, so a large body gets the time that a slow line needs. */
const SLOW_UPLOAD_BYTES_PER_MS = 64;

/**
 * Sends requests with the runtime's own `fetch`. Does not follow redirects, and sends neither cookies nor a referrer.
 *
 * Uploads are held in memory, unless the source is a `blobSource`: `fetch` cannot stream a body and send its length, which
 * storage requires.
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
  const privacy = choosePrivacy();
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
        ...privacy,
        method,
        headers: withoutLength(request.headers),
        redirect: "manual",
        signal: signal ? AbortSignal.any([signal, silence.signal]) : silence.signal,
        ...(body !== undefined && { body }),
      });
      clearTimeout(timer);
      // A body that trickles in never triggers the idle timeout, so the whole body has to arrive within `timeoutMs`.
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

/** Polling must not see cached answers. Cloudflare Workers have neither cache nor cookies, and reject these options. */
function choosePrivacy(): RequestInit {
  const privacy = { cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer" } as const;
  try {
    new Request("https://example.invalid", privacy);
    return privacy;
  } catch {
    return {};
  }
}

/** `fetch` sets it by itself. */
function withoutLength({ "content-length": _, ...headers }: TransportRequest["headers"]) {
  return headers;
}

/** Without a type: `fetch` would make a header of it, and the URL was not signed with that. */
async function gather(body: UploadBody, signal: AbortSignal | undefined): Promise<Blob> {
  if (body.blob) return body.blob.slice();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of body) {
    signal?.throwIfAborted();
    // A copy, since a chunk is only valid until the next one is requested.
    chunks.push(new Uint8Array(chunk));
  }
  return new Blob(chunks);
}

async function readAnswer(
  response: Response,
  request: TransportRequest,
  operation: string,
): Promise<TransportResponse> {
  // Browsers hide which redirect it was, and where it leads.
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
