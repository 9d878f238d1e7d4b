import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { createNodeClient, type NodeClientOptions } from "../src/node/index.ts";

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  /** Text as it is; anything else as JSON. */
  readonly body?: unknown;
}

/** A server that answers what the test says; for answers that the sandbox would never give. */
export async function startServer(
  answer: (request: ReceivedRequest, response: ServerResponse) => Answer | undefined,
  options: NodeClientOptions = {},
) {
  const requests: ReceivedRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const { method = "", url = "", headers } = incoming;
    const request = { method, path: url, headers, body: await text(incoming).catch(() => "") };
    requests.push(request);
    const given = answer(request, response);
    // The test answers by itself, or lets the client wait.
    if (!given) return;
    const { status = 200, headers: answerHeaders = {}, body } = given;
    const content = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
    const type = typeof body === "string" ? "text/plain" : "application/json";
    response.writeHead(status, { "content-type": type, ...answerHeaders }).end(content);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createNodeClient({
    apiKey: "RJ-test-key",
    baseUrl: url,
    env: {},
    retry: { initialDelayMs: 1, maxDelayMs: 2 },
    poll: { initialMs: 1, maxMs: 5 },
    ...options,
  });
  return {
    url,
    client,
    requests,
    async [Symbol.asyncDispose]() {
      await client.close();
      server.closeAllConnections();
      server.close();
    },
  };
}
