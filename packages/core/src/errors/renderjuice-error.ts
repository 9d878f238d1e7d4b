import type { Job } from "../contract/index.ts";
import { redactText, redactValue } from "../text/redact.ts";
import type { ErrorCode } from "./error-code.ts";

const MARKER = Symbol.for("renderjuice.error");

export interface RenderjuiceErrorOptions {
  readonly code: ErrorCode;
  readonly message: string;
  /** What the user does next. */
  readonly hint?: string | undefined;
  readonly isRetryable?: boolean | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly jobId?: string | undefined;
  readonly job?: Job | undefined;
  readonly cause?: unknown;
  /** For lists of problems that we have laid out; texts of others stay on one line. @default false */
  readonly hasLines?: boolean | undefined;
  /** Texts that must not show anywhere, besides what looks like a secret anyway. */
  readonly secrets?: readonly string[] | undefined;
}

/** The base of every error that core throws on purpose. Holds no secret: all texts are redacted on the way in. */
export abstract class RenderjuiceError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  /** Whether the same call may succeed when it is repeated. */
  readonly isRetryable: boolean;
  /** How long the server asks to wait. */
  readonly retryAfterMs: number | undefined;
  /** The job it is about. Set whenever one exists: it may be rendering, and be gone on with. */
  readonly jobId: string | undefined;
  /**
   * The job as it was seen last, where that is known: always when it failed or was canceled. Signed URLs in it are
   * redacted. Not shown when the error is printed, as it may be long.
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
    // Names instead of `instanceof`: two copies of the package in one process must know each other's errors.
    Object.defineProperty(this, MARKER, { value: classNames(new.target) });
  }

  /** Whether a value is an error of this class, also when it comes from another copy of the package. */
  static isInstance<T extends abstract new (...args: never[]) => unknown>(
    this: T,
    value: unknown,
  ): value is InstanceType<T> {
    const kinds = typeof value === "object" && value !== null && (value as { [MARKER]?: unknown })[MARKER];
    // biome-ignore lint/complexity/noThisInStatic: each subclass asks for its own name
    return Array.isArray(kinds) && kinds.includes(this.name);
  }

  /** For logs and `--json`: plain and redacted; of the job, how it stands. */
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

/** Hidden from those who print every member, and so for `withJob`. */
export function jobProperty(job: Job | undefined, secrets: readonly string[] = []): PropertyDescriptor {
  return { value: job && redactValue(job, secrets), enumerable: false };
}

/** What a server quotes in them cannot begin a line. */
function toLine(text: string): string {
  return text.replace(/[\r\n\p{Zl}\p{Zp}]+/gu, " ");
}

function classNames(target: { readonly name: string }): string[] {
  const names: string[] = [];
  for (let type = target; type?.name && type !== Error; type = Object.getPrototypeOf(type))
    names.push(type.name);
  return names;
}

/** A cause keeps its kind and its redacted message only: its other members may hold anything. */
function redactCause(cause: unknown, secrets: readonly string[]): unknown {
  if (cause === undefined || RenderjuiceError.isInstance(cause)) return cause;
  if (!(cause instanceof Error)) return redactValue(cause, secrets);
  const copy = new Error(redactText(cause.message, secrets));
  copy.name = cause.name;
  if (cause.stack) copy.stack = redactText(cause.stack, secrets);
  return copy;
}
