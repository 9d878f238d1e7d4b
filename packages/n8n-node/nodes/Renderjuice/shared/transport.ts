import { RenderjuiceError } from "@renderjuice/core";
import {
  connectionErrorFrom,
  findSystemCode,
  joinHeaders,
  type Transport,
  type TransportRequest,
} from "@renderjuice/core/adapter";
import {
  type FunctionsBase,
  type IHttpRequestOptions,
  type IN8nHttpFullResponse,
  NodeApiError,
  type RequestHelperFunctions,
} from "n8n-workflow";
import { CREDENTIAL } from "./credentials.ts";
import { RequestBodies } from "./request-bodies.ts";

/** What a request needs from n8n. Every kind of node context has it. */
export interface RequestContext extends Pick<FunctionsBase, "getCredentials" | "getNode" | "logger"> {
  readonly helpers: Pick<RequestHelperFunctions, "httpRequest" | "httpRequestWithAuthentication">;
}

/** Sends core's requests with n8n's helpers, which apply its proxies, certificates and address rules. */
export function createN8nTransport(context: RequestContext, bodies: RequestBodies): Transport {
  return createTransport(async (request) => {
    const options = await describeRequest(request, bodies);
    const { authorization, ...headers } = request.headers;
    // Core signs only requests to the API. For those, n8n adds the key itself, from the credential.
    return authorization ? sendWithCredential(context, { ...options, headers }) : sendPlain(context, options);
  });
}

/** For requests after the execution was stopped, when n8n no longer lets it use credentials. */
export function createFarewellTransport(context: RequestContext): Transport {
  const bodies = new RequestBodies();
  return createTransport(async (request) => sendPlain(context, await describeRequest(request, bodies)));
}

function createTransport(send: (request: TransportRequest) => Promise<IN8nHttpFullResponse>): Transport {
  return async (request) => {
    try {
      return readResponse(await send(request));
    } catch (error) {
      request.signal?.throwIfAborted();
      throw requestFailure(error, request);
    }
  };
}

async function describeRequest(
  request: TransportRequest,
  bodies: RequestBodies,
): Promise<IHttpRequestOptions> {
  return {
    method: request.method,
    url: request.url,
    headers: { ...request.headers },
    timeout: request.timeoutMs,
    // As text, so that a response that is not JSON can be shown.
    encoding: "text",
    returnFullResponse: true,
    ignoreHttpStatusErrors: true,
    // Following redirects could leak the key, and would keep the whole body of an upload in memory.
    disableFollowRedirect: true,
    sendCredentialsOnCrossOriginRedirect: false,
    ...(request.body !== undefined && {
      body: typeof request.body === "string" ? request.body : ((await bodies.create(request.body)) as Buffer),
    }),
    ...(request.signal && { abortSignal: request.signal }),
  };
}

async function sendWithCredential(
  context: RequestContext,
  options: IHttpRequestOptions,
): Promise<IN8nHttpFullResponse> {
  return context.helpers.httpRequestWithAuthentication.call(context as never, CREDENTIAL, options);
}

async function sendPlain(
  context: RequestContext,
  options: IHttpRequestOptions,
): Promise<IN8nHttpFullResponse> {
  return context.helpers.httpRequest(options);
}

function readResponse({ statusCode, headers, body }: IN8nHttpFullResponse) {
  const text = typeof body === "string" ? body : body === undefined ? "" : JSON.stringify(body);
  return { status: statusCode, headers: joinHeaders(headers), text };
}

/** Core's error for a request without a complete response. */
export function requestFailure(
  error: unknown,
  request: Pick<TransportRequest, "method" | "url" | "timeoutMs">,
): unknown {
  const systemCode = findSystemCode(error);
  if (systemCode === undefined || RenderjuiceError.isInstance(error)) return error;
  if (systemCode === "ERR_CANCELED") return new DOMException("The execution was stopped.", "AbortError");
  const operation = `${request.method} ${new URL(request.url).pathname}`;
  // n8n replaces what the system said with its own sentences, which say less.
  const cause = error instanceof NodeApiError ? error.cause : error;
  return connectionErrorFrom(systemCode, { ...request, operation, cause });
}
