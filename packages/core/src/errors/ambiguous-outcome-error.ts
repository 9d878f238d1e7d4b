import { redactText } from "../redact.ts";
import { RenderjuiceError } from "./renderjuice-error.ts";

/** The request may or may not have been carried out, and repeating it might do it twice. */
export class AmbiguousOutcomeError extends RenderjuiceError {
  readonly operation: string;

  /** @param options.candidates ids of jobs that may be what was made */
  constructor(options: { operation: string; candidates?: readonly string[]; cause?: unknown }) {
    const { operation, candidates = [], cause } = options;
    const which = candidates.length > 0 ? ` It may have made one of ${candidates.join(", ")}.` : "";
    const reason = cause instanceof Error ? ` ${cause.message}` : "";
    super({
      code: "outcome_unknown",
      message: `It is not known whether "${operation}" was carried out.${reason}`,
      hint: `Look at the job list (\`renderjuice list\`) before you repeat it.${which}`,
      cause,
    });
    this.operation = redactText(operation);
  }
}
