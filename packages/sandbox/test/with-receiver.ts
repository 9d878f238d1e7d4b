import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A delivery as it came in. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly rawBody: string;
  readonly jobId: string;
}

/**
 * A webhook receiver on this machine.
 *
 * @param answers a status for each delivery in turn, the last for all others; 0 never answers
 */
export async function startReceiver(answers: readonly number[] = [200], redirectTo = "/elsewhere") {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const { method = "", url: path = "", headers } = request;
    const rawBody = await text(request);
    received.push({ method, path, headers, rawBody, jobId: JSON.parse(rawBody).jobId });
    const status = answers[received.length - 1] ?? answers.at(-1) ?? 200;
    if (status !== 0) response.writeHead(status, status === 302 ? { location: redirectTo } : {}).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const stop = async () => {
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?from=farm`,
    received,
    stop,
    [Symbol.asyncDispose]: async () => {
      if (server.listening) await stop();
    },
  };
}
