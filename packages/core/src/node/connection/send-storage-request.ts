import type { Dispatcher } from "undici";
import { joinHeaders } from "../../http/join-headers.ts";
import { MAX_REDIRECTS, readRedirect } from "../../http/storage/storage-url.ts";
import { type NodeRequest, sendRequest } from "./send-request.ts";

/** A request to a storage host, which may redirect it. Without a body, which could only be sent once. */
export async function sendStorageRequest(
  url: string,
  request: Omit<NodeRequest, "body">,
  redirects = 0,
): Promise<Dispatcher.ResponseData> {
  const response = await sendRequest(url, request);
  const answer = { status: response.statusCode, headers: joinHeaders(response.headers) };
  const next = redirects < MAX_REDIRECTS ? readRedirect(url, answer) : undefined;
  if (next === undefined) return response;
  response.body.on("error", () => undefined).destroy();
  return sendStorageRequest(next, request, redirects + 1);
}
