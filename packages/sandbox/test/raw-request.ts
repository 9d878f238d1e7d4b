import { once } from "node:events";
import { type IncomingMessage, type OutgoingHttpHeaders, request } from "node:http";
import { text } from "node:stream/consumers";

export interface RawRequest {
  readonly method: string;
  /** Sent as it is: fetch would tidy it up. */
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
  /** Hangs up before the body is complete. */
  readonly isCutOff?: boolean;
}

/** A request without what fetch adds and refuses. */
export async function rawRequest(origin: string, { body = "", isCutOff, ...options }: RawRequest) {
  const outgoing = request(origin, options);
  if (isCutOff) {
    outgoing.write(body, () => outgoing.destroy());
    return once(outgoing, "error");
  }
  outgoing.end(body);
  const [response] = (await once(outgoing, "response")) as [IncomingMessage];
  return { status: response.statusCode, body: await text(response) };
}
