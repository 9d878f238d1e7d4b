import { ConfigError, ConnectionError } from "@renderjuice/core";
import type { TransportResponse } from "@renderjuice/core/adapter";
import { WebServiceError } from "./web-service-error.ts";

/** Enough to recognize a message, but not a whole page. */
const MAX_QUOTED_CHARACTERS = 300;

export interface RequestContext {
  readonly url: string;
  readonly hasUser: boolean;
  readonly timeoutMs: number;
  readonly secrets: readonly string[];
}

/** The error for a request without an answer. */
export function explainFailure(error: unknown, isTimeout: boolean, context: RequestContext): unknown {
  const { host, protocol } = new URL(context.url);
  if (isTimeout) return timedOut(host, context);
  if (!ConnectionError.isInstance(error)) return error;
  const { systemCode } = error;
  // What a TLS client reports for a server that speaks plain HTTP.
  if (protocol === "https:" && /EPROTO|ERR_SSL|WRONG_VERSION/.test(systemCode))
    return wrongProtocol(host, error);
  // A certificate that is not trusted: core's hint applies here too.
  if (!error.isRetryable) return error;
  return new WebServiceError({
    code: "connection_failed",
    message: `Could not reach Deadline's Web Service at ${host} (${systemCode}).`,
    hint: adviseConnection(systemCode, protocol),
    isRetryable: true,
    cause: error,
  });
}

function adviseConnection(systemCode: string, protocol: string): string {
  if (systemCode === "ECONNREFUSED")
    return "Check that deadlinewebservice is running there, and that the port is right.";
  if (systemCode === "ENOTFOUND" || systemCode === "EAI_AGAIN") return "Check the host name and the network.";
  const tls = protocol === "http:" ? " If it speaks TLS, write https://." : "";
  return `The connection was lost. Check the Web Service's log and the network.${tls}`;
}

function timedOut(host: string, { timeoutMs }: RequestContext): WebServiceError {
  return new WebServiceError({
    code: "request_timeout",
    message: `Deadline's Web Service at ${host} did not respond within ${timeoutMs / 1000} s.`,
    hint: "It may be busy, or a firewall may drop the request. Raise --timeout to wait longer.",
    isRetryable: true,
  });
}

function wrongProtocol(host: string, cause: unknown): ConfigError {
  return new ConfigError({
    code: "invalid_option",
    option: "url",
    message: `The server at ${host} does not speak TLS.`,
    hint: "Write http:// instead of https://, or configure the Web Service for TLS.",
    cause,
  });
}

/** The error for an answer that is not a success. Its wording is not documented, so it is quoted. */
export function explainAnswer(response: TransportResponse, context: RequestContext): unknown {
  const { status, text } = response;
  const { secrets } = context;
  const quoted = quote(text);
  if (status === 401) return wrongCredentials(context);
  if (status === 403)
    return new WebServiceError({
      code: "permission_denied",
      message: `Deadline's Web Service forbids this (403). ${quoted}`,
      hint: "Ask the farm's administrator for a user that is allowed to change jobs.",
      secrets,
    });
  if (status === 502 || status === 503 || status === 504 || status === 429)
    return temporary(`Deadline's Web Service is not available (${status}). ${quoted}`, secrets);
  if (status >= 500)
    return temporary(`Deadline's Web Service reports an error (${status}). ${quoted}`, secrets);
  if (status === 400 && !isHtml(response))
    return new WebServiceError({
      code: "invalid_request",
      message: `Deadline's Web Service refuses the request (400). ${quoted}`,
      hint: "Check that it is the Web Service of Deadline 10.",
      secrets,
    });
  return notDeadline(context, status);
}

function temporary(message: string, secrets: readonly string[]): WebServiceError {
  return new WebServiceError({
    code: "server_error",
    message,
    hint: "If the error persists, look at the Web Service's log.",
    isRetryable: true,
    secrets,
  });
}

function wrongCredentials({ hasUser }: RequestContext): WebServiceError {
  return new WebServiceError({
    code: "authentication_failed",
    message: hasUser
      ? "Deadline's Web Service does not accept this user and password (401)."
      : "Deadline's Web Service requires a user and a password (401).",
    hint: hasUser
      ? "Check --user or DEADLINE_WEB_SERVICE_USER, and the password in DEADLINE_WEB_SERVICE_PASSWORD or its file."
      : "Give the user with --user, and the file with the password with --password-file.",
  });
}

/** Something else answers. */
export function notDeadline({ url }: Pick<RequestContext, "url">, status = 200): ConfigError {
  return new ConfigError({
    code: "invalid_option",
    option: "url",
    message: `The server at ${url} is not a Deadline Web Service (it answered ${status}).`,
    hint: "Check the host and the port. The Web Service listens on 8082 by default; the Remote Connection Server is a different program.",
  });
}

export function jobNotFound(jobId: string): WebServiceError {
  return new WebServiceError({
    code: "not_found",
    message: `Deadline has no job ${jobId}.`,
    hint: "Look up the id in the Monitor. Deleted and archived jobs are not found.",
  });
}

function isHtml({ headers }: TransportResponse): boolean {
  return /html/.test(headers["content-type"] ?? "");
}

function quote(text: string): string {
  const line = text
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  return line === "" ? "" : `It says: ${line.slice(0, MAX_QUOTED_CHARACTERS)}`;
}
