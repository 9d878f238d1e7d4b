import type { Job } from "../contract/index.ts";
import { redactText, redactValue } from "../text/redact.ts";
import type { ErrorCode } from "./error-code.ts";

const MARKER = Symbol.for("renderjuice.error");

export interface RenderjuiceErrorOptions {
  readonly code: ErrorCode;
  readonly message: string;
  /** What the user should do next. */
  readonly hint?: string | undefined;
  readonly isRetryable?: boolean | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly jobId?: string | undefined;
  readonly job?: Job | undefined;
  readonly cause?: unknown;
  /** Keeps line breaks, for our own lists of problems. Other texts are put on one line. @default false */
  readonly hasLines?: boolean | undefined;
  /** Texts to hide, in addition to everything that looks like a secret. */
  readonly secrets?: readonly string[] | undefined;
}

/**
 * The base class of all errors that core throws on purpose. Contains no secrets: every text is redacted when the error is created.
 *
 * @example
 * try {
 *   await client.submit("shot.blend");
 * } catch (error) {
 *   if (!RenderjuiceError.isInstance(error)) throw error;
 *   console.error(error.code, error.message, error.hint);
 * }
 */
export abstract class RenderjuiceError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  /** Whether the same call may succeed if it is repeated. */
  readonly isRetryable: boolean;
  /** How long the server asked to wait. */
  readonly retryAfterMs: number | undefined;
  /** The job that the error is about. Set whenever there is one: the job may still be running and can be resumed. */
  readonly jobId: string | undefined;
  /**
   * The job as last seen, if known: always set if it failed or was canceled. Its signed URLs are redacted. Not included
   * when the error is printed, since it may be long.
   */
  declare readonly job: Job | undefined;

  constructor(options: RenderjuiceErrorOptions) {
    const { secrets = [], hasLines = false } = options;
    const message = redactText(options.message, secrets);
    super(hasLines ? message : toLine(message), { cause: redactCause(options.cause, secrets) });
    this.code = options.code;
    this.hint = options.hint === undefined ? undefined : toLine(redactText(options.hint, secrets));
    this.isRetryable = options.isRetryable ?? false;
    this.retryAfterMs = options.retryAfterMs;
    this.jobId = options.jobId ?? options.job?.id;
    Object.defineProperty(this, "job", jobProperty(options.job, secrets));
    this.name = new.target.name;
    // Names instead of `instanceof`, so that two copies of the package in one process recognize each other's errors.
    Object.defineProperty(this, MARKER, { value: classNames(new.target) });
  }

  /** Whether a value is an error of this class, even if it comes from another copy of the package. */
  static isInstance<T extends abstract new (...args: never[]) => unknown>(
    this: T,
    value: unknown,
  ): value is InstanceType<T> {
    const kinds = typeof value === "object" && value !== null && (value as { [MARKER]?: unknown })[MARKER];
    // biome-ignore lint/complexity/noThisInStatic: each subclass checks for its own name
    return Array.isArray(kinds) && kinds.includes(this.name);
  }

  /** A plain, redacted object for logs and JSON output. Of the job, only its id and state. */
  toJSON(): Record<string, unknown> {
    const { name, message, cause: _cause, stack: _stack, ...members } = this as Record<string, unknown>;
    const { id, status, failedReason } = this.job ?? {};
    const job = this.job && { id, status, failedReason };
    return redactValue({ name: this.name, message: this.message, ...members, job }) as Record<
      string,
      unknown
    >;
  }
}

/** Not enumerable, so that it is not printed; also used by `withJob`. */
export function jobProperty(job: Job | undefined, secrets: readonly string[] = []): PropertyDescriptor {
  return { value: job && redactValue(job, secrets), enumerable: false };
}

/** Text quoted from a server must not start a new line. */
function toLine(text: string): string {
  return text.replace(/[\r\n\p{Zl}\p{Zp}]+/gu, " ");
}

function classNames(target: { readonly name: string }): string[] {
  const names: string[] = [];
  for (let type = target; type?.name && type !== Error; type = Object.getPrototypeOf(type))
    names.push(type.name);
  return names;
}

/** Only the name, message and stack of a cause are kept, redacted: its other members may contain anything. */
function redactCause(cause: unknown, secrets: readonly string[]): unknown {
  if (cause === undefined || RenderjuiceError.isInstance(cause)) return cause;
  if (!(cause instanceof Error)) return redactValue(cause, secrets);
  const copy = new Error(redactText(cause.message, secrets));
  copy.name = cause.name;
  if (cause.stack) copy.stack = redactText(cause.stack, secrets);
  return copy;
}
