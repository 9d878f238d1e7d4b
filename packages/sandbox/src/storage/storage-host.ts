import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type HostCheck, WRONG_HOST } from "../allowed-hosts.ts";
import { answerOrigin } from "../allowed-origins.ts";
import type { Clock } from "../clock.ts";
import type { DataPaths } from "../data-paths.ts";
import type { FaultSet } from "../faults/fault-set.ts";
import type { Statistics } from "../statistics.ts";
import type { Store } from "../store.ts";
import { receiveUpload } from "./receive-upload.ts";
import { sendFile } from "./send-file.ts";
import { checkUrl } from "./signed-url.ts";
import { StorageRefusal } from "./storage-refusal.ts";

export interface StorageContext {
  readonly isOurHost: HostCheck;
  readonly allowedOrigins: readonly string[];
  readonly store: Store;
  readonly paths: DataPaths;
  readonly secret: string;
  readonly clock: Clock;
  readonly faults: FaultSet;
  readonly statistics: Statistics;
}

/**
 * Object storage behind presigned URLs: `PUT /uploads/{slug}` and `GET /files/{job}/{path}`. Plain `node:http`,
 * since large bodies pass through it.
 */
export function createStorageHost(context: StorageContext): Server {
  const server = createServer((request, response) => {
    handle(context, request, response).catch((error) => refuse(response, error));
  });
  // An upload may take hours; clients time out if it stalls.
  server.requestTimeout = 0;
  return server;
}

async function handle(
  context: StorageContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!context.isOurHost(request.headers.host)) throw new StorageRefusal(421, "WrongHost", WRONG_HOST);
  if (answerOrigin(context.allowedOrigins, request, response)) return;
  const url = readUrl(request);
  const { method = "GET" } = request;
  if (request.headers.authorization !== undefined) {
    throw new StorageRefusal(
      400,
      "InvalidArgument",
      "Only one auth mechanism allowed: send no Authorization header.",
    );
  }
  const check = checkUrl(context.secret, method, url, context.clock.now());
  if (check === "forged")
    throw new StorageRefusal(403, "SignatureDoesNotMatch", "The signature does not match.");
  if (check === "expired") throw new StorageRefusal(403, "AccessDenied", "Request has expired");
  // It is signed, so decoding cannot fail.
  const [, root, id, ...rest] = url.pathname.split("/").map(decodeURIComponent);
  if (method === "PUT" && root === "uploads" && id) return receiveUpload(context, id, request, response);
  if (method === "GET" && root === "files" && id)
    return sendFile(context, id, rest.join("/"), request, response);
  throw new StorageRefusal(404, "NoSuchKey", "The specified key does not exist.");
}

function readUrl({ url = "/" }: IncomingMessage): URL {
  if (URL.canParse(url, "http://storage")) return new URL(url, "http://storage");
  throw new StorageRefusal(400, "InvalidURI", "Couldn't parse the specified URI.");
}

function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { status, code, message } =
    error instanceof StorageRefusal
      ? error
      : new StorageRefusal(500, "InternalError", "We encountered an internal error.");
  // The body of a refused upload is not read, so the connection cannot be reused.
  response.writeHead(status, { "content-type": "application/xml", connection: "close" });
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  );
}
