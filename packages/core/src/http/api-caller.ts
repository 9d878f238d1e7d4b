import type { Endpoint } from "../contract/endpoints.ts";
import {
  AmbiguousOutcomeError,
  apiErrorFrom,
  ConfigError,
  ConnectionError,
  RateLimitError,
  type RenderjuiceError,
  ServerError,
  UnexpectedResponseError,
} from "../errors/index.ts";
import { tell } from "../runtime/tell.ts";
import { parseJson } from "../text/parse-json.ts";
import { trimEndOf } from "../text/trim-end-of.ts";
import { checkApiKey } from "./api-key.ts";
import type { CallOptions } from "./call-options.ts";
import {
  type CallerOptions,
  type CallerSettings,
  DEFAULT_BASE_URL,
  DEFAULT_TIMEOUT_MS,
} from "./caller-options.ts";
import type { ClientEventListener } from "./client-events.ts";
import { exchange, readRequestId } from "./exchange.ts";
import { isLoopbackUrl } from "./loopback.ts";
import { DEFAULT_RETRY_POLICY } from "./retry/policy.ts";
import { RateLimitBrake } from "./retry/rate-limit-brake.ts";
import { readRetryAfterMs } from "./retry/retry-after.ts";
import { withRetry } from "./retry/with-retry.ts";
import type { TransportRequest, TransportResponse } from "./transport.ts";

/**
 * One request to an endpoint, and how its answer is read.
 *
 * @internal
 */
export interface ApiCall<T> extends Pick<Endpoint, "method" | "operation" | "repeat"> {
  /** Relative to the base URL, with ids already encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>> | undefined;
  readonly body?: unknown;
  /** Reads the parsed body (undefined if it was empty); throws if it does not match the contract. */
  readonly read: (body: unknown) => T;
}

export interface ApiAnswer<T> {
  readonly data: T;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Sends API calls: authentication, retries, the shared rate-limit brake, errors.
 *
 * @internal
 */
export class ApiCaller {
  /** Without the key, since public members get printed. */
  readonly options: CallerSettings;
  readonly #apiKey: CallerOptions["apiKey"];
  readonly #baseUrl: string;
  readonly #brake: RateLimitBrake;

  constructor({ apiKey, ...options }: CallerOptions) {
    this.options = options;
    this.#apiKey = apiKey;
    this.#baseUrl = checkBaseUrl(options.baseUrl ?? DEFAULT_BASE_URL);
    this.#brake = new RateLimitBrake(options.runtime);
  }

  async call<T>(call: ApiCall<T>, callOptions: CallOptions = {}): Promise<ApiAnswer<T>> {
    const { runtime, retry } = this.options;
    const onEvent = this.listener(callOptions);
    try {
      return await withRetry((attempt) => this.#attempt(call, attempt, callOptions), {
        policy: { ...DEFAULT_RETRY_POLICY, ...retry, ...callOptions.retry },
        runtime,
        brake: this.#brake,
        signal: callOptions.signal,
        isRetryable: call.repeat === "unsent-only" ? surelyNotDone : undefined,
        onRetry: ({ error, attempt, delayMs }) =>
          onEvent({
            type: "retry-scheduled",
            operation: call.operation,
            attempt,
            delayMs,
            isRateLimit: RateLimitError.isInstance(error),
            message: error.message,
          }),
      });
    } catch (error) {
      if (call.repeat === "unsent-only" && mayHaveBeenDone(error)) {
        throw new AmbiguousOutcomeError({ operation: call.operation, cause: error });
      }
      throw error;
    }
  }

  listener(callOptions: CallOptions): ClientEventListener {
    const listeners = [this.options.onEvent, callOptions.onEvent].filter(
      (listener) => listener !== undefined,
    );
    return (event) => {
      for (const listener of listeners) tell(listener, event);
    };
  }

  async #attempt<T>(call: ApiCall<T>, attempt: number, callOptions: CallOptions): Promise<ApiAnswer<T>> {
    const apiKey = await this.#readApiKey();
    const request = this.#buildRequest(call, apiKey, callOptions);
    const response = await exchange({
      transport: this.options.transport,
      runtime: this.options.runtime,
      operation: call.operation,
      request,
      attempt,
      secrets: [apiKey],
      onEvent: this.listener(callOptions),
    });
    if (response.status < 200 || response.status >= 300) {
      throw this.#errorFrom(call, request, response, apiKey, attempt);
    }
    return { data: readAnswer(call, request, response, apiKey), headers: response.headers };
  }

  async #readApiKey(): Promise<string> {
    return checkApiKey(typeof this.#apiKey === "function" ? await this.#apiKey() : this.#apiKey);
  }

  #buildRequest<T>(call: ApiCall<T>, apiKey: string, callOptions: CallOptions): TransportRequest {
    const url = new URL(this.#baseUrl + call.path);
    for (const [name, value] of Object.entries(call.query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const headers: Record<string, string> = { accept: "application/json", authorization: `Bearer ${apiKey}` };
    if (this.options.userAgent) headers["user-agent"] = this.options.userAgent;
    if (call.body !== undefined) headers["content-type"] = "application/json";
    return {
      method: call.method,
      url: url.href,
      headers,
      timeoutMs: callOptions.timeoutMs ?? this.options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
      signal: callOptions.signal,
    };
  }

  #errorFrom<T>(
    call: ApiCall<T>,
    request: TransportRequest,
    response: TransportResponse,
    apiKey: string,
    attempt: number,
  ): RenderjuiceError {
    const requestId = readRequestId(response);
    const retryAfterMs = readRetryAfterMs(response.headers, this.options.runtime.now());
    return apiErrorFrom({
      operation: call.operation,
      status: response.status,
      method: call.method,
      url: request.url,
      body: response.text,
      contentType: response.headers["content-type"] ?? "",
      attempts: attempt,
      secrets: [apiKey],
      requestId,
      retryAfterMs,
    });
  }
}

function readAnswer<T>(
  call: ApiCall<T>,
  request: TransportRequest,
  response: TransportResponse,
  apiKey: string,
): T {
  try {
    return call.read(response.text.trim() === "" ? undefined : parseJson(response.text));
  } catch (cause) {
    throw new UnexpectedResponseError({
      operation: call.operation,
      method: call.method,
      url: request.url,
      status: response.status,
      body: response.text,
      secrets: [apiKey],
      cause,
    });
  }
}

/** The request never arrived, or was refused before anything was done. */
function surelyNotDone(error: RenderjuiceError): boolean {
  if (ConnectionError.isInstance(error)) return error.wasRequestSent === "no" && error.isRetryable;
  if (RateLimitError.isInstance(error)) return true;
  return ServerError.isInstance(error) && error.status === 503 && error.retryAfterMs !== undefined;
}

/** Whether the request may have been carried out: no response says that it was refused. */
export function mayHaveBeenDone(error: unknown): boolean {
  if (ConnectionError.isInstance(error)) return error.wasRequestSent !== "no";
  if (ServerError.isInstance(error)) return !surelyNotDone(error);
  return isTimeout(error) || UnexpectedResponseError.isInstance(error);
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "request_timeout";
}

/** @throws ConfigError if the URL is invalid, or would send the key unencrypted to another machine. */
function checkBaseUrl(baseUrl: string): string {
  let url: URL;
  try {
    url = new URL(baseUrl);
  } catch {
    throw new ConfigError({
      code: "invalid_option",
      message: `The API URL ${JSON.stringify(baseUrl)} is not a valid URL.`,
      option: "baseUrl",
      hint: `Use the full address, such as ${DEFAULT_BASE_URL}.`,
    });
  }
  if (url.username !== "" || url.password !== "") {
    throw new ConfigError({
      code: "invalid_option",
      message: "The API URL contains a user name or a password.",
      option: "baseUrl",
      hint: "Remove them: the API only needs the API key.",
    });
  }
  if (!["http:", "https:"].includes(url.protocol)) {
    throw new ConfigError({
      code: "invalid_option",
      message: `The API URL ${JSON.stringify(baseUrl)} does not begin with https://.`,
      option: "baseUrl",
      hint: `Use the full address, such as ${DEFAULT_BASE_URL}.`,
    });
  }
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopbackUrl(url))) {
    throw new ConfigError({
      code: "invalid_option",
      message: `The API URL ${url.origin} would send the API key unencrypted.`,
      option: "baseUrl",
      hint: "Use https. Plain http is only accepted for localhost, for the sandbox.",
    });
  }
  return trimEndOf(url.origin + url.pathname, "/");
}
