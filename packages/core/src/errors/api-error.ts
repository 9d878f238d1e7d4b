import { formatDuration } from "../text/format.ts";
import { redactExcerpt, redactText, redactUrl } from "../text/redact.ts";
import { readErrorBody } from "./error-body.ts";
import type { ErrorCode } from "./error-code.ts";
import { RenderjuiceError } from "./renderjuice-error.ts";

const MAX_BODY_CHARACTERS = 2000;

export interface ApiErrorOptions {
  /** What was being done, such as `"create job"`. */
  readonly operation: string;
  readonly status: number;
  readonly method: string;
  readonly url: string;
  readonly body: string;
  readonly contentType: string;
  readonly attempts: number;
  readonly requestId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly secrets?: readonly string[] | undefined;
}

/**
 * The server answered with an error status.
 *
 * @example
 * if (ApiError.isInstance(error)) console.error(error.status, error.serverCode, error.requestId);
 */
export class ApiError extends RenderjuiceError {
  readonly operation: string;
  readonly status: number;
  readonly method: string;
  /** Without the query. */
  readonly url: string;
  readonly attempts: number;
  readonly requestId: string | undefined;
  /** The server's own error code, if it gives one. */
  readonly serverCode: string | undefined;
  /** The response body, redacted and shortened. */
  readonly body: string;

  constructor(
    options: ApiErrorOptions & {
      code: ErrorCode;
      message?: string | undefined;
      hint?: string | undefined;
      isRetryable?: boolean | undefined;
    },
  ) {
    const { secrets = [] } = options;
    const said = readErrorBody(options.body, secrets);
    const detail = said.message ? `: ${said.message}` : "";
    super({
      code: options.code,
      message:
        options.message ??
        `The server refused "${options.operation}" with status ${options.status}${detail}`.replace(
          /([^.!?…])$/,
          "$1.",
        ),
      hint: options.hint,
      isRetryable: options.isRetryable ?? false,
      retryAfterMs: options.retryAfterMs,
      secrets,
    });
    this.operation = redactText(options.operation, secrets);
    this.status = options.status;
    this.method = options.method;
    this.url = redactUrl(options.url);
    this.attempts = options.attempts;
    this.requestId = options.requestId && redactText(options.requestId, secrets);
    this.serverCode = said.serverCode;
    this.body = redactExcerpt(options.body, MAX_BODY_CHARACTERS, secrets);
  }
}

export class AuthenticationError extends ApiError {}
class PaymentRequiredError extends ApiError {}
class PermissionError extends ApiError {}
/**
 * There is no such job in this workspace, or no API at this address.
 *
 * @example
 * if (NotFoundError.isInstance(error)) console.error(error.url);
 */
export class NotFoundError extends ApiError {}
class ConflictError extends ApiError {}
export class InvalidRequestError extends ApiError {}
/**
 * The server answers 429, even after the pauses that it asked for.
 *
 * @example
 * if (RateLimitError.isInstance(error)) console.log("Try again in", error.retryAfterMs, "ms");
 */
export class RateLimitError extends ApiError {}
export class ServerError extends ApiError {}

const TRY_LATER = "The service has a problem. Try again in a few minutes; nothing will be rendered twice.";

/**
 * The error for a status. Which statuses the API uses is not documented.
 *
 * @example
 * apiErrorFrom({
 *   operation: "list jobs",
 *   status: 503,
 *   method: "GET",
 *   url: "https://api.renderjuice.com/api/external/v1/jobs",
 *   body: "",
 *   contentType: "text/plain",
 *   attempts: 1,
 * }).isRetryable; // true
 */
export function apiErrorFrom(options: ApiErrorOptions): ApiError {
  const { status } = options;
  switch (status) {
    case 400:
    case 422:
      return new InvalidRequestError({
        ...options,
        code: "invalid_request",
        hint: "Fix the problem that the server reports.",
      });
    case 401:
      return new AuthenticationError({
        ...options,
        code: "authentication_failed",
        hint: "Check the API key: it may be mistyped, revoked, or for a different server than the API URL.",
      });
    case 402:
      return new PaymentRequiredError({
        ...options,
        code: "payment_required",
        hint: "The studio seems to have used up its render minutes or budget. Check the plan in the Renderjuice dashboard, then try again.",
      });
    case 403:
      return new PermissionError({
        ...options,
        code: "permission_denied",
        hint: "The key is valid but is not allowed to do this. API access is enabled per studio: ask Renderjuice support.",
      });
    case 404:
      return new NotFoundError({
        ...options,
        code: "not_found",
        ...describeAbsent(options),
      });
    case 409:
      return new ConflictError({
        ...options,
        code: "conflict",
        hint: "Check the job's status: it is not in the right state for this.",
      });
    case 429:
      return new RateLimitError({
        ...options,
        code: "rate_limited",
        isRetryable: true,
        hint: adviseOnRateLimit(options.retryAfterMs),
      });
    case 408:
    case 425:
      return new ServerError({ ...options, code: "server_error", isRetryable: true, hint: TRY_LATER });
  }
  if (status >= 500)
    return new ServerError({ ...options, code: "server_error", isRetryable: true, hint: TRY_LATER });
  return new ApiError({
    ...options,
    code: "request_refused",
    hint: "Check the API URL. A proxy may be answering instead.",
  });
}

function adviseOnRateLimit(retryAfterMs: number | undefined): string {
  const wait = retryAfterMs
    ? `The API asks you to wait ${formatDuration(retryAfterMs)}.`
    : "Wait a few minutes.";
  return `${wait} Then try again, or run fewer clients at the same time.`;
}

const OWN_JOBS = "a key can only see the jobs in its own workspace.";

/** Either the job does not exist, or there is no API at this address: only the API answers about a job in JSON. */
function describeAbsent({ method, url, contentType }: ApiErrorOptions): {
  message?: string | undefined;
  hint: string;
} {
  const [, jobId, action] = /\/jobs\/(?!progress\b)([^/?]+)([^?]*)/.exec(url) ?? [];
  const shown = `${redactUrl(url)} was not found.`;
  const isJson = contentType.includes("json");
  if (isJson && method === "POST" && url.endsWith("/jobs"))
    return {
      hint: "Check the slug, and which workspace the key belongs to. If both are right, check the API URL.",
    };
  if (jobId === undefined || !isJson)
    return { hint: `${shown} Check the API URL: the Renderjuice API does not seem to be there.` };
  // An action may fail to find something other than the job.
  if (action) return { hint: `${shown} Check the job id and the workspace: ${OWN_JOBS}` };
  const message = `There is no job ${decodeURIComponent(jobId)} in this workspace.`;
  return { message, hint: `Check the job id, and which workspace the key belongs to: ${OWN_JOBS}` };
}
