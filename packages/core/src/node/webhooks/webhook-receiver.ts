import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { WebhookEvent } from "../../contract/index.ts";
import { ConfigError } from "../../errors/index.ts";
import { createDeliveryHandler, type WebhookHandlerOptions } from "../../webhooks/delivery-handler.ts";
import { EventFeed } from "../../webhooks/event-feed.ts";
import { Refusal } from "../../webhooks/webhook-refusal.ts";
import { ConnectionRoom, type RoomLimits } from "../connection/connection-room.ts";
import { sendAnswer } from "./node-webhook-handler.ts";
import { readRawBody } from "./read-raw-body.ts";

/** The sender gives up after 7 seconds, so a slower request does not come from it. */
const TIMEOUTS = { requestTimeout: 10_000, headersTimeout: 5000, connectionsCheckingInterval: 1000 };
const ROOM: RoomLimits = { maxConnections: 256, maxBytes: 256 * 1024 * 1024 };

/** What `createWebhookReceiver` takes. */
export interface WebhookReceiverOptions extends Omit<WebhookHandlerOptions, "onEvent"> {
  /** As in `createWebhookHandler`. Without it, iterate the receiver for events. */
  readonly onEvent?: WebhookHandlerOptions["onEvent"] | undefined;
  /**
   * Any address other than loopback can be reached by others; they still need a valid signature. @default "127.0.0.1"
   */
  readonly host?: string | undefined;
  /** @default 0, any free port */
  readonly port?: number | undefined;
  /** @default "/" */
  readonly path?: string | undefined;
}

/**
 * A server that takes webhooks. Each loop over it gets every event that comes from then on. An event counts as
 * handled, and the sender is notified, when the loop asks for the next one: save it in the loop's body, and do the work
 * afterwards. While nobody listens, events are kept in memory for the next loop.
 */
export interface WebhookReceiver extends AsyncIterable<WebhookEvent>, AsyncDisposable {
  /** Such as `http://127.0.0.1:8090/`. */
  readonly url: string;
  /** Stops accepting deliveries, ends all loops, and resolves when everything that has arrived has been answered. */
  close(): Promise<void>;
}

/**
 * Listens on a port for webhooks, for programs without a server. Only accepts deliveries that are signed with the
 * secret, recent, and new.
 *
 * Can also wake waiting calls as soon as a render is complete: `wake: receiver`.
 *
 * @throws ConfigError if there is no secret, or if the address or the port cannot be used
 * @example
 * ```ts
 * import { createWebhookReceiver } from "@renderjuice/core/node";
 *
 * const secret = process.env.RENDERJUICE_WEBHOOK_SECRET ?? "";
 * const receiver = await createWebhookReceiver({ secret, port: 8090 });
 * for await (const event of receiver) console.log(event.event, event.jobId);
 * ```
 */
export async function createWebhookReceiver(options: WebhookReceiverOptions): Promise<WebhookReceiver> {
  const { onEvent, host = "127.0.0.1", port = 0 } = options;
  const { pathname: path } = new URL(options.path ?? "", "http://localhost/");
  const feed = new EventFeed();
  const answerDelivery = createDeliveryHandler({
    ...options,
    onEvent: async (event) => {
      await onEvent?.(event);
      const isTaken = feed.hand(event);
      // `onEvent` has stored the event, so loops need not hold up the response.
      if (onEvent) isTaken.catch(() => undefined);
      else await isTaken;
    },
  });
  const underWay = new Set<Promise<void>>();
  const server = createServer(TIMEOUTS, (request, response) => {
    const exchange = serve(request, response);
    underWay.add(exchange);
    exchange.finally(() => underWay.delete(exchange));
  });
  const room = new ConnectionRoom(server, ROOM);

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, headers, socket } = request;
    const readBody = async (maxBytes: number) => {
      checkPath(request, path);
      const body = await readRawBody(request, maxBytes, (bytes) => room.add(socket, bytes));
      room.secure(socket);
      return body;
    };
    const answer = await answerDelivery({ method, headers, readBody });
    room.secure(socket);
    await sendAnswer(response, answer);
    room.release(socket);
  }

  async function closeAll(): Promise<void> {
    const closed = once(server, "close");
    server.close();
    feed.close();
    room.dropWaiting();
    // Work that never ends holds nobody up once its sender has given up.
    await Promise.race([Promise.all(underWay), closed]);
    server.closeAllConnections();
    await closed;
  }

  const origin = await listen(server, host, port);
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= closeAll();
    return closing;
  };
  return {
    url: origin + path,
    close,
    [Symbol.asyncDispose]: close,
    [Symbol.asyncIterator]: () => feed[Symbol.asyncIterator](),
  };
}

function checkPath({ url = "" }: IncomingMessage, path: string): void {
  if (url.split("?")[0] === path) return;
  throw new Refusal(404, "wrong_path", `Deliveries are accepted at ${path}; this one was sent elsewhere.`);
}

async function listen(server: Server, host: string, port: number): Promise<string> {
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new ConfigError({
      code: "invalid_option",
      option: "port",
      message: `Webhooks cannot be received at ${host}, port ${port} (${code}).`,
      hint:
        code === "EADDRINUSE"
          ? "Another program is using this port: choose another one."
          : "Check the host and the port.",
      cause,
    });
  }
  const { port: actualPort } = server.address() as AddressInfo;
  return `http://${host.includes(":") ? `[${host}]` : host}:${actualPort}`;
}
