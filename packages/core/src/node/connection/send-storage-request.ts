import type { Dispatcher } from "undici";
import { MAX_REDIRECTS, readRedirect } from "../../http/storage/storage-url.ts";
import { type NodeRequest, sendRequest } from "./send-request.ts";
import { joinHeaders } from "./undici-transport.ts";

/** A request to a storage host, which may send it on to another place. Without a body: that can be sent once only. */
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
