import { redactText } from "../text/redact.ts";
import { RenderjuiceError } from "./renderjuice-error.ts";

/**
 * The request may or may not have been carried out. Unless `isRetryable` is set, repeating it might do it twice.
 *
 * @example
 * if (AmbiguousOutcomeError.isInstance(error)) console.warn(error.message, error.hint);
 */
export class AmbiguousOutcomeError extends RenderjuiceError {
  readonly operation: string;

  constructor(options: {
    operation: string;
    /** Ids of jobs that the request may have created. */
    candidates?: readonly string[] | undefined;
    hint?: string | undefined;
    /** Whether it is safe to do it twice. @default false */
    isRetryable?: boolean | undefined;
    cause?: unknown;
  }) {
    const { operation, candidates = [], isRetryable = false, cause } = options;
    const which = candidates.length > 0 ? ` It may have created one of these: ${candidates.join(", ")}.` : "";
    const reason = cause instanceof Error ? ` ${cause.message}` : "";
    super({
      code: "outcome_unknown",
      message: `The request "${operation}" may or may not have been carried out.${reason}`,
      hint: options.hint ?? `Check the job list before you repeat it.${which}`,
      isRetryable,
      cause,
    });
    this.operation = redactText(operation);
  }
}
