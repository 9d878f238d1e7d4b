import type { Dispatcher } from "undici";
import { TimeoutError } from "../../errors/index.ts";
import { answerTooLong, MAX_ANSWER_BYTES } from "../../http/answer-limit.ts";
import { joinHeaders } from "../../http/join-headers.ts";
import type { Transport, TransportRequest } from "../../http/transport.ts";
import { connectionFailure } from "./connection-failure.ts";
import type { Dispatchers } from "./dispatchers.ts";
import { sendRequest } from "./send-request.ts";

/**
 * A transport on undici.
 *
 * @example
 * const transport = createUndiciTransport(createDispatchers());
 */
export function createUndiciTransport(dispatchers: Dispatchers): Transport {
  return async (request) => {
    const { method, url, timeoutMs, signal } = request;
    const operation = `${method} ${URL.parse(url)?.pathname ?? "an address"}`;
    const response = await sendRequest(url, { ...request, dispatchers, operation });
    try {
      return {
        status: response.statusCode,
        headers: joinHeaders(response.headers),
        text: await readText(response, request, operation),
      };
    } catch (error) {
      signal?.throwIfAborted();
      throw connectionFailure(error, url, timeoutMs, operation);
    }
  };
}

/** A body that trickles in never triggers the idle timeout, so the whole body has to arrive within `timeoutMs`. */
async function readText(
  { body, statusCode: status }: Dispatcher.ResponseData,
  { method, url, timeoutMs }: TransportRequest,
  operation: string,
): Promise<string> {
  const isOver = () => body.destroy(new TimeoutError({ code: "request_timeout", operation, timeoutMs }));
  const timer = setTimeout(isOver, timeoutMs);
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of body) {
      sizeBytes += chunk.length;
      if (sizeBytes > MAX_ANSWER_BYTES) throw answerTooLong({ operation, method, url, status });
      chunks.push(chunk);
    }
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(chunks).toString("utf8");
}
