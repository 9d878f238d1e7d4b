import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { finished } from "node:stream/promises";
import type { WebhookEvent } from "../../contract/index.ts";
import { ConfigError, RenderjuiceError, WebhookVerificationError } from "../../errors/index.ts";
import { redactText } from "../../text/redact.ts";
import { DEFAULT_TOLERANCE_MS, verifyWebhook } from "../../webhooks/verify-webhook.ts";
import { ConnectionRoom, type RoomLimits } from "../connection/connection-room.ts";
import { createEventGate } from "./event-gate.ts";

/** A payload lists a signed URL per frame: room for some ten thousand. */
const DEFAULT_MAX_BODY_BYTES = 8 * 1024 * 1024;
/** The sender gives up after 7 seconds: a request that takes longer to arrive is none of its. */
const REQUEST_TIMEOUT_MS = 10_000;
const HEADERS_TIMEOUT_MS = 5000;
const CONNECTION_CHECK_MS = 1000;
const ROOM: RoomLimits = { maxConnections: 256, maxBytes: 256 * 1024 * 1024 };

export interface WebhookReceiverOptions {
  /** Any of them may fit: during a change of secret there are two. */
  readonly secrets: readonly string[];
  /**
   * Takes an event that is genuine and new. The sender hears 2xx once this has settled, gives up after 7 seconds and
   * tries again a limited number of times: put the event where it is safe, and do the work afterwards. When it throws,
   * the sender hears 500, and its next attempt is handed over again.
   */
  readonly onEvent: (event: WebhookEvent) => void | Promise<void>;
  /** Told about each request that was turned away, for the log. */
  readonly onRefused?: ((refusal: WebhookRefusal) => void) | undefined;
  /** Anything but loopback lets others in; the signature still decides. @default "127.0.0.1" */
  readonly host?: string | undefined;
  /** @default 0, any free port */
  readonly port?: number | undefined;
  /** @default "/" */
  readonly path?: string | undefined;
  /** @default 8388608 */
  readonly maxBodyBytes?: number | undefined;
  /** How far a delivery's timestamp may be from now. @default 300000 */
  readonly toleranceMs?: number | undefined;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: (() => number) | undefined;
}

export interface WebhookRefusal {
  readonly status: number;
  /** Stable, such as `signature_mismatch`; all that the sender is told. */
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
}

export interface WebhookReceiver extends AsyncDisposable {
  /** Such as `http://127.0.0.1:8090/`. */
  readonly url: string;
  /** Takes no more deliveries, and resolves when those that have arrived are answered. */
  close(): Promise<void>;
}

/**
 * Listens for deliveries of Renderjuice. Lets through what is signed with one of the secrets, is fresh, and was not there
 * before. Answers 4xx to what repeating cannot fix, 5xx to what it may.
 *
 * @throws ConfigError when there is no secret, or the address cannot be listened on.
 */
export async function createWebhookReceiver(options: WebhookReceiverOptions): Promise<WebhookReceiver> {
  const { secrets, host = "127.0.0.1", port = 0, path = "/" } = options;
  if (!secrets.some((secret) => secret !== "")) throw noSecret();
  const underWay = new Set<Promise<void>>();
  const server = createServer(
    {
      requestTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: CONNECTION_CHECK_MS,
    },
    (request, response) => {
      // A sender that went away hears no answer, and sends again.
      const exchange = answer(request, response, receive, room).catch(() => undefined);
      underWay.add(exchange);
      exchange.finally(() => underWay.delete(exchange));
    },
  );
  const room = new ConnectionRoom(server, ROOM);
  const receive = createDeliveryHandler(options, room);
  const origin = await listen(server, host, port);
  let closing: Promise<void> | undefined;
  const closeAll = async () => {
    const closed = once(server, "close");
    server.close();
    room.dropWaiting();
    await Promise.all(underWay);
    server.closeAllConnections();
    await closed;
  };
  const close = () => {
    closing ??= closeAll();
    return closing;
  };
  return { url: origin + path, close, [Symbol.asyncDispose]: close };
}

interface Reply {
  readonly status: number;
  readonly body: object;
  readonly headers?: Record<string, string> | undefined;
}

function createDeliveryHandler(
  options: WebhookReceiverOptions,
  room: ConnectionRoom,
): (request: IncomingMessage) => Promise<Reply> {
  const { secrets, onEvent, onRefused, path = "/", maxBodyBytes = DEFAULT_MAX_BODY_BYTES } = options;
  const { toleranceMs = DEFAULT_TOLERANCE_MS, now = Date.now } = options;
  // A delivery stays valid for the tolerance on both sides of its timestamp.
  const handOver = createEventGate(onEvent, { rememberMs: 2 * toleranceMs, now });
  return async (request) => {
    try {
      checkTarget(request, path);
      const rawBody = await readBody(request, maxBodyBytes, room);
      const { headers, socket } = request;
      room.secure(socket);
      const event = await verifyWebhook({ rawBody, headers, secrets, toleranceMs, nowMs: now() });
      const isNew = await handOver(event);
      return { status: 200, body: { received: true, ...(!isNew && { repeated: true }) } };
    } catch (error) {
      const refusal = describeRefusal(error, secrets);
      onRefused?.(refusal);
      const { status, code } = refusal;
      const headers = error instanceof Refusal ? error.headers : {};
      return { status, body: { error: { code } }, headers };
    }
  };
}

/** What is turned away before anything is verified. */
class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Record<string, string>;

  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

function checkTarget({ method, url = "" }: IncomingMessage, path: string): void {
  const [pathname] = url.split("?");
  if (pathname !== path)
    throw new Refusal(404, "wrong_path", `Deliveries come to ${path}, this came elsewhere.`);
  if (method === "POST") return;
  throw new Refusal(405, "wrong_method", `Deliveries are POST requests, this is ${method}.`, {
    allow: "POST",
  });
}

async function readBody(request: IncomingMessage, maxBytes: number, room: ConnectionRoom): Promise<Buffer> {
  const tooLarge = () =>
    new Refusal(413, "body_too_large", `The body is larger than ${maxBytes} bytes.`, { connection: "close" });
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  // The connection stays, for the answer.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) throw tooLarge();
    chunks.push(chunk);
    room.add(request.socket, chunk.length);
  }
  return Buffer.concat(chunks);
}

function describeRefusal(error: unknown, secrets: readonly string[]): WebhookRefusal {
  const message = redactText(error instanceof Error ? error.message : String(error), secrets);
  if (error instanceof Refusal) return { status: error.status, code: error.code, message, hint: undefined };
  const { code = "not_taken", hint = undefined } = RenderjuiceError.isInstance(error) ? error : {};
  if (!WebhookVerificationError.isInstance(error)) return { status: 500, code, message, hint };
  return { status: code === "malformed_payload" ? 400 : 401, code, message, hint };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  receive: (request: IncomingMessage) => Promise<Reply>,
  room: ConnectionRoom,
): Promise<void> {
  const { socket } = request;
  try {
    const { status, body, headers } = await receive(request);
    room.secure(socket);
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
    await finished(response);
  } finally {
    room.release(socket);
  }
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
          ? "Another program listens there: choose another port."
          : "Check host and port.",
      cause,
    });
  }
  const { port: actualPort } = server.address() as AddressInfo;
  return `http://${host.includes(":") ? `[${host}]` : host}:${actualPort}`;
}

function noSecret(): ConfigError {
  return new ConfigError({
    code: "invalid_option",
    option: "secrets",
    message: "Webhooks are signed, and there is no secret to check them with.",
    hint: "It is shown in the Renderjuice dashboard under Profile & Settings, Webhooks.",
  });
}
