import type { ErrorCode } from "../errors/error-code.ts";
import { RenderjuiceError } from "../errors/renderjuice-error.ts";
import { redactText, redactValue } from "../text/redact.ts";
import { terminalLine, terminalText } from "../text/terminal-text.ts";

/** Codes for errors that are not ours: an aborted call, what the operating system refused, and everything else. */
type ForeignCode = "aborted" | "system_error" | "unexpected_error";

/** Hints in a host's own words, by error code. A function may also return `undefined`: no hint at all. */
export type ErrorHints = {
  readonly [Code in ErrorCode]?: string | ((error: RenderjuiceError) => string | undefined);
} & { readonly [Code in ForeignCode]?: string };

/** How an error is put into words. */
export interface DescribeErrorOptions {
  /** Replace the error's own hint, which does not mention any particular host. */
  readonly hints?: ErrorHints | undefined;
}

/** An error in words. Every text is redacted and safe to print. */
export interface ErrorDescription {
  readonly code: ErrorCode | ForeignCode;
  /** What happened. A list of problems has several lines. */
  readonly message: string;
  /** What to do next. */
  readonly hint: string | undefined;
  /** Message and hint together. */
  readonly text: string;
  /** The job it is about, if there is one. It may still be running. */
  readonly jobId: string | undefined;
  /** Whether the same call may succeed when it is repeated. */
  readonly isRetryable: boolean;
  /** Everything the error knows, for logs and JSON. */
  readonly details: Readonly<Record<string, unknown>>;
  /** For bug reports. */
  readonly stack: string | undefined;
}

const DISK_HINT =
  "Check that the path exists, that you can read and write there, and that the disk is not full.";

/**
 * Says what went wrong and what to do about it, whatever was thrown.
 *
 * @example
 * ```ts
 * const { message, hint } = describeError(error);
 * console.error(hint === undefined ? message : `${message}\n${hint}`);
 * ```
 */
export function describeError(error: unknown, { hints = {} }: DescribeErrorOptions = {}): ErrorDescription {
  const code = codeOf(error);
  const message = terminalText(sentence(messageOf(error)));
  const found = hintOf(error, code, hints);
  const hint = found === undefined || found === "" ? undefined : terminalLine(redactText(found));
  const isOurs = RenderjuiceError.isInstance(error);
  return {
    code,
    message,
    hint,
    text: hint === undefined ? message : `${message}${message.includes("\n") ? "\n" : " "}${hint}`,
    jobId: isOurs ? error.jobId : undefined,
    isRetryable: isOurs && error.isRetryable,
    details: isOurs ? { ...error.toJSON(), hint } : { code, message, hint },
    stack: error instanceof Error && error.stack ? terminalText(redactText(error.stack)) : undefined,
  };
}

function codeOf(error: unknown): ErrorDescription["code"] {
  if (RenderjuiceError.isInstance(error)) return error.code;
  if (!(error instanceof Error)) return "unexpected_error";
  if (["AbortError", "TimeoutError"].includes(error.name)) return "aborted";
  return "syscall" in error ? "system_error" : "unexpected_error";
}

function hintOf(error: unknown, code: ErrorDescription["code"], hints: ErrorHints): string | undefined {
  const hint = hints[code];
  if (typeof hint === "string") return hint;
  if (RenderjuiceError.isInstance(error)) return hint ? hint(error) : error.hint;
  return code === "system_error" && "path" in (error as Error) ? DISK_HINT : undefined;
}

function messageOf(error: unknown): string {
  // Its own texts are redacted, also with the secrets of the client.
  if (RenderjuiceError.isInstance(error)) return error.message;
  if (error instanceof Error) return redactText(error.message || error.name);
  return redactText(textOf(error)) || "Something failed without giving a reason.";
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value !== "object") return String(value);
  if ("message" in value && typeof value.message === "string") return value.message;
  try {
    return JSON.stringify(redactValue(value));
  } catch {
    return "";
  }
}

function sentence(text: string): string {
  return text.includes("\n") ? text : text.replace(/([^\s.!?…])\s*$/, "$1.");
}
