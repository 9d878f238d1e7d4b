import { createHash, timingSafeEqual } from "node:crypto";
import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { DEFAULT_BASE_URL, ENDPOINTS, type Endpoint, type EndpointName } from "@renderjuice/core/adapter";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { WRONG_HOST } from "./allowed-hosts.ts";
import { allowOrigins } from "./allowed-origins.ts";
import type { ApiAnswer, ApiContext } from "./api-context.ts";
import { ApiRefusal } from "./api-refusal.ts";
import { distortBody, refuseByFault } from "./faults/answer-faults.ts";
import { FaultSet, takeFrom } from "./faults/fault-set.ts";
import type { FaultName } from "./faults/registry.ts";
import { ROUTES } from "./routes/index.ts";
import type { Workspace } from "./store.ts";

/** That of the service, so that a client needs another origin and nothing else. */
export const API_PATH = new URL(DEFAULT_BASE_URL).pathname;

type ApiHono = Hono<{ Bindings: HttpBindings }>;
type HonoContext = Context<{ Bindings: HttpBindings }>;
type TakeFault = (name: FaultName) => string | undefined;

/** Requests are small; scenes go to storage. */
const MAX_BODY_BYTES = 1024 * 1024;
const TOO_LARGE = "The body is too large. Upload files to the URL that POST /uploads returns.";

/** The API host. */
export function createApiApp(context: ApiContext): ApiHono {
  const app: ApiHono = new Hono();
  app.use(async (c, next) =>
    context.isOurHost(c.req.header("host")) ? next() : c.json(errorBody("wrong_host", WRONG_HOST), 421),
  );
  if (context.allowedOrigins.length > 0) app.use(`${API_PATH}/*`, allowOrigins(context.allowedOrigins));
  app.use(
    bodyLimit({ maxSize: MAX_BODY_BYTES, onError: (c) => c.json(errorBody("too_large", TOO_LARGE), 413) }),
  );
  for (const name of Object.keys(ENDPOINTS) as EndpointName[]) {
    const { method, path } = ENDPOINTS[name];
    app.on(method, API_PATH + path.replace("{id}", ":id"), (c) => serve(context, name, c));
  }
  app.onError((error, c) => {
    context.logger.warn({ path: c.req.path }, `A request failed: ${error.message}`);
    return c.json(errorBody("internal", "The sandbox failed. Its log says why."), 500);
  });
  app.notFound((c) => c.json(errorBody("not_found", `There is no ${c.req.method} ${c.req.path}.`), 404));
  return app;
}

async function serve(context: ApiContext, name: EndpointName, c: HonoContext): Promise<Response> {
  const { requests } = context.statistics;
  requests[name] = (requests[name] ?? 0) + 1;
  try {
    // First, so that nobody can cause faults without a key.
    const workspace = authenticate(context, c);
    const takeFault = faultsOf(context, name, c);
    const refusal = refuseByFault(takeFault, context.clock.now());
    if (refusal) return new Response(refusal.text, refusal);
    const body = await readJson(c);
    const delayMs = takeFault("slow-request");
    if (delayMs !== undefined) await context.clock.sleep(Number(delayMs || 1000));
    const answer = ROUTES[name](context, {
      workspace,
      body,
      query: c.req.query(),
      jobId: c.req.param("id") ?? "",
      takeFault,
    });
    return respond(c, ENDPOINTS[name], answer, takeFault);
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
    return c.json(errorBody(error.code, error.message), error.status as 400);
  }
}

/** Faults in the request's own header come before those that are on for all. */
function faultsOf(context: ApiContext, endpoint: EndpointName, c: HonoContext): TakeFault {
  const own = new FaultSet();
  try {
    own.add(...(c.req.header("x-sandbox-fault") ?? "").split(",").filter((spec) => spec.trim() !== ""));
  } catch (error) {
    throw new ApiRefusal(400, "invalid_fault", (error as Error).message);
  }
  return (name) => takeFrom([own, context.faults], name, endpoint);
}

function authenticate({ workspaces }: ApiContext, c: HonoContext): Workspace {
  const [, key] = /^Bearer (.+)$/.exec(c.req.header("authorization") ?? "") ?? [];
  if (key === undefined)
    throw new ApiRefusal(401, "unauthorized", "Send the API key as: Authorization: Bearer RJ-…");
  // Hashes have the same length and are all compared, so the time reveals nothing about the key.
  const matches = workspaces.filter(({ apiKey }) => timingSafeEqual(hash(apiKey), hash(key)));
  const [workspace] = matches;
  if (!workspace) throw new ApiRefusal(401, "unauthorized", "Unknown API key.");
  return workspace;
}

function hash(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

async function readJson(c: HonoContext): Promise<unknown> {
  const text = await c.req.text();
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiRefusal(400, "invalid_request", "The body is not JSON.");
  }
}

function respond(c: HonoContext, endpoint: Endpoint, answer: ApiAnswer, takeFault: TakeFault): Response {
  if (takeFault("lost-response") !== undefined) {
    c.env.incoming.socket.destroy();
    return RESPONSE_ALREADY_SENT;
  }
  const isAction = endpoint.method !== "GET" && endpoint.path.includes("{id}");
  if (isAction && takeFault("empty-response") !== undefined) return c.body(null, 204, answer.headers);
  const body = endpoint.isWrapped ? { data: answer.body } : answer.body;
  const text = JSON.stringify(distortBody(takeFault, body));
  const headers = { "content-type": "application/json", ...answer.headers };
  const pauseMs = takeFault("slow-body");
  if (pauseMs !== undefined) return new Response(trickle(text, Number(pauseMs || 50)), { headers });
  return new Response(text, { headers });
}

function trickle(text: string, pauseMs: number): ReadableStream {
  const pieces = text.match(/[\s\S]{1,64}/g) ?? [];
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const piece = pieces.shift();
      if (piece === undefined) return controller.close();
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      controller.enqueue(encoder.encode(piece));
    },
  });
}

function errorBody(code: string, message: string) {
  return { error: { code, message } };
}
