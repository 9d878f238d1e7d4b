import { redactExcerpt, redactText, redactUrl } from "../text/redact.ts";
import { readErrorBody } from "./error-body.ts";
import type { ErrorCode } from "./error-code.ts";
import { RenderjuiceError } from "./renderjuice-error.ts";

const MAX_BODY_CHARACTERS = 2000;

export interface ApiErrorOptions {
  /** What was being done, in words. */
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

/** The server answered, and refused. */
export class ApiError extends RenderjuiceError {
  readonly operation: string;
  readonly status: number;
  readonly method: string;
  /** Without its query. */
  readonly url: string;
  readonly attempts: number;
  readonly requestId: string | undefined;
  /** The server's own code, where it gives one. */
  readonly serverCode: string | undefined;
  /** The answer as it came, redacted and cut. */
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
export class NotFoundError extends ApiError {}
class ConflictError extends ApiError {}
export class InvalidRequestError extends ApiError {}
export class RateLimitError extends ApiError {}
export class ServerError extends ApiError {}

const TRY_LATER = "The service has a problem. Try again in a few minutes; nothing is rendered twice.";

/** The error class that fits a status. Which statuses the API uses is not documented. */
export function apiErrorFrom(options: ApiErrorOptions): ApiError {
  const { status } = options;
  switch (status) {
    case 400:
    case 422:
      return new InvalidRequestError({
        ...options,
        code: "invalid_request",
        hint: "Correct what the server names.",
      });
    case 401:
      return new AuthenticationError({
        ...options,
        code: "authentication_failed",
        hint: "Check RENDERJUICE_API_KEY: the key may be mistyped, revoked, or made for another server than the API URL names. `renderjuice doctor` shows where it comes from.",
      });
    case 402:
      return new PaymentRequiredError({
        ...options,
        code: "payment_required",
        hint: "The studio's render minutes or budget seem to be used up. Look at the plan in the Renderjuice dashboard, then go on.",
      });
    case 403:
      return new PermissionError({
        ...options,
        code: "permission_denied",
        hint: "The key is known but may not do this. API access is switched on per studio: ask Renderjuice support.",
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
        hint: "Look at the job's status: it is not ready for this.",
      });
    case 429:
      return new RateLimitError({
        ...options,
        code: "rate_limited",
        isRetryable: true,
        hint: "Too many requests. Wait a few minutes, or run fewer clients at a time.",
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
    hint: "Is the API URL right? A proxy may be answering.",
  });
}

const OWN_JOBS = "a key sees the jobs of its own workspace only.";

/** An id that nobody knows, or an address where there is no API: only the API answers in JSON, and about a job. */
function describeAbsent({ url, contentType }: ApiErrorOptions): {
  message?: string | undefined;
  hint: string;
} {
  const [, jobId, action] = /\/jobs\/(?!progress\b)([^/?]+)([^?]*)/.exec(url) ?? [];
  const shown = `${redactUrl(url)} is not there.`;
  if (jobId === undefined || !contentType.includes("json"))
    return { hint: `${shown} Is the API URL right? No API of Renderjuice seems to be there.` };
  // What an action does not find may be something else than the job.
  if (action) return { hint: `${shown} Check the id and the workspace: ${OWN_JOBS}` };
  const message = `There is no job ${decodeURIComponent(jobId)} in this workspace.`;
  return { message, hint: `Check the id, and whose key it is: ${OWN_JOBS}` };
}
