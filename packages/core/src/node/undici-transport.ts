import { request } from "undici";
import type { Transport } from "../transport.ts";
import { connectionFailure } from "./connection-failure.ts";
import type { Dispatchers } from "./dispatchers.ts";

/** Answers of the API are small; more than this is not one. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

export function createUndiciTransport(dispatchers: Dispatchers): Transport {
  return async ({ method, url, headers, body, timeoutMs, signal }) => {
    try {
      const response = await request(url, {
        dispatcher: dispatchers.for(url),
        method,
        headers,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
        ...(body !== undefined && { body: body as string }),
        ...(signal && { signal }),
      });
      return {
        status: response.statusCode,
        headers: joinHeaders(response.headers),
        text: await readText(response.body),
      };
    } catch (error) {
      signal?.throwIfAborted();
      throw connectionFailure(error, url, timeoutMs, `${method} ${new URL(url).pathname}`);
    }
  };
}

async function readText(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of body) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_ANSWER_BYTES) throw new Error(`The answer is longer than ${MAX_ANSWER_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

export function joinHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) joined[name.toLowerCase()] = Array.isArray(value) ? value.join(", ") : value;
  }
  return joined;
}
