import { ConfigError, ConnectionError, type TransportResponse } from "@renderjuice/core";
import { WebServiceError } from "./web-service-error.ts";

/** Enough to recognise a message, and not a page. */
const MAX_QUOTED_CHARACTERS = 300;

export interface RequestContext {
  readonly url: string;
  readonly hasUser: boolean;
  readonly timeoutMs: number;
  readonly secrets: readonly string[];
}

/** The error for a request that got no answer. */
export function explainFailure(error: unknown, isTimeout: boolean, context: RequestContext): unknown {
  const { host, protocol } = new URL(context.url);
  if (isTimeout) return timedOut(host, context);
  if (!ConnectionError.isInstance(error)) return error;
  const { systemCode } = error;
  // What a TLS client makes of a server that speaks plain HTTP.
  if (protocol === "https:" && /EPROTO|ERR_SSL|WRONG_VERSION/.test(systemCode))
    return wrongProtocol(host, error);
  // A certificate that is not trusted: core's advice holds here too.
  if (!error.isRetryable) return error;
  return new WebServiceError({
    code: "connection_failed",
    message: `Deadline's Web Service cannot be reached at ${host} (${systemCode}).`,
    hint: adviseConnection(systemCode, protocol),
    isRetryable: true,
    cause: error,
  });
}

function adviseConnection(systemCode: string, protocol: string): string {
  if (systemCode === "ECONNREFUSED") return "Is deadlinewebservice running there, and is the port right?";
  if (systemCode === "ENOTFOUND" || systemCode === "EAI_AGAIN") return "Check the host name and the network.";
  const tls = protocol === "http:" ? " If it speaks TLS, write https://." : "";
  return `The connection broke: check the Web Service's log and the network.${tls}`;
}

function timedOut(host: string, { timeoutMs }: RequestContext): WebServiceError {
  return new WebServiceError({
    code: "request_timeout",
    message: `Deadline's Web Service at ${host} did not answer within ${timeoutMs / 1000} s.`,
    hint: "Is it busy, or does a firewall swallow the request? Allow more with --timeout.",
    isRetryable: true,
  });
}

function wrongProtocol(host: string, cause: unknown): ConfigError {
  return new ConfigError({
    code: "invalid_option",
    option: "url",
    message: `What answers at ${host} does not speak TLS.`,
    hint: "Write http:// instead of https://, or configure the Web Service for TLS.",
    cause,
  });
}

/** The error for an answer that is none of success. How Deadline words it is not documented; it is quoted. */
export function explainAnswer(response: TransportResponse, context: RequestContext): unknown {
  const { status, text } = response;
  const { secrets } = context;
  const quoted = quote(text);
  if (status === 401) return wrongCredentials(context);
  if (status === 403)
    return new WebServiceError({
      code: "permission_denied",
      message: `Deadline's Web Service forbids this (403). ${quoted}`,
      hint: "Ask the farm's administrator for a user that may change jobs.",
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
      hint: "Is it a Web Service of Deadline 10?",
      secrets,
    });
  return notDeadline(context, status);
}

function temporary(message: string, secrets: readonly string[]): WebServiceError {
  return new WebServiceError({
    code: "server_error",
    message,
    hint: "If it stays so, look into the Web Service's log.",
    isRetryable: true,
    secrets,
  });
}

function wrongCredentials({ hasUser }: RequestContext): WebServiceError {
  return new WebServiceError({
    code: "authentication_failed",
    message: hasUser
      ? "Deadline's Web Service does not accept this user and password (401)."
      : "Deadline's Web Service wants a user and a password (401).",
    hint: hasUser
      ? "Check --user or DEADLINE_WEB_SERVICE_USER, and the password in DEADLINE_WEB_SERVICE_PASSWORD or its file."
      : "Name the user with --user, and the file with the password with --password-file.",
  });
}

/** Something answers, and it is something else. */
export function notDeadline({ url }: Pick<RequestContext, "url">, status = 200): ConfigError {
  return new ConfigError({
    code: "invalid_option",
    option: "url",
    message: `What answers at ${url} (${status}) is no Deadline Web Service.`,
    hint: "Check host and port. It listens at 8082 by default; the Remote Connection Server is another program.",
  });
}

export function jobNotFound(jobId: string): WebServiceError {
  return new WebServiceError({
    code: "not_found",
    message: `Deadline knows no job ${jobId}.`,
    hint: "Look the id up in the Monitor. Deleted and archived jobs are not found.",
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
