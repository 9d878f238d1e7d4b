import { RenderjuiceError } from "../../errors/renderjuice-error.ts";
import type { PreflightIssue } from "./preflight-issue.ts";

/**
 * The scene cannot be rendered as it is. Nothing was sent.
 *
 * @example
 * if (PreflightError.isInstance(error)) for (const { message, fix } of error.issues) console.error(message, fix);
 */
export class PreflightError extends RenderjuiceError {
  readonly issues: readonly PreflightIssue[];

  constructor({ issues }: { issues: readonly PreflightIssue[] }) {
    const errors = issues.filter(({ severity }) => severity === "error");
    super({
      code: "preflight_failed",
      message: `Nothing was uploaded: ${errors.map(({ message }) => message).join(" ")}`,
      hint: errors.map(({ fix }) => fix).join(" "),
    });
    this.issues = issues;
  }
}
