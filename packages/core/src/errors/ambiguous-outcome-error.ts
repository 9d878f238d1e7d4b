import { redactText } from "../text/redact.ts";
import { RenderjuiceError } from "./renderjuice-error.ts";

/** The request may or may not have been carried out. Unless `isRetryable`, repeating it might do it twice. */
export class AmbiguousOutcomeError extends RenderjuiceError {
  readonly operation: string;

  constructor(options: {
    operation: string;
    /** Ids of jobs that may be what was made. */
    candidates?: readonly string[] | undefined;
    hint?: string | undefined;
    /** For what may safely be done twice. @default false */
    isRetryable?: boolean | undefined;
    cause?: unknown;
  }) {
    const { operation, candidates = [], isRetryable = false, cause } = options;
    const which = candidates.length > 0 ? ` It may have made one of ${candidates.join(", ")}.` : "";
    const reason = cause instanceof Error ? ` ${cause.message}` : "";
    super({
      code: "outcome_unknown",
      message: `It is not known whether "${operation}" was carried out.${reason}`,
      hint: options.hint ?? `Look at the job list (\`renderjuice list\`) before you repeat it.${which}`,
      isRetryable,
      cause,
    });
    this.operation = redactText(operation);
  }
}
