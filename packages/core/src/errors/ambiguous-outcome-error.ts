import { redactText } from "../redact.ts";
import { RenderjuiceError } from "./renderjuice-error.ts";

/** The request may or may not have been carried out, and repeating it might do it twice. */
export class AmbiguousOutcomeError extends RenderjuiceError {
  readonly operation: string;

  constructor({ operation, cause }: { operation: string; cause?: unknown }) {
    const reason = cause instanceof Error ? ` ${cause.message}` : "";
    super({
      code: "outcome_unknown",
      message: `It is not known whether "${operation}" was carried out.${reason}`,
      hint: "Look at the job list (`renderjuice list`) before you repeat it.",
      cause,
    });
    this.operation = redactText(operation);
  }
}
