import { redactText } from "../text/redact.ts";
import { RenderjuiceError } from "./renderjuice-error.ts";

/**
 * An option is missing or invalid. Nothing was sent.
 *
 * @example
 * if (ConfigError.isInstance(error)) console.error(`${error.option}: ${error.message}`);
 */
export class ConfigError extends RenderjuiceError {
  /** The name of the option. */
  readonly option: string;

  constructor(options: {
    code: "missing_api_key" | "invalid_api_key" | "invalid_option";
    option: string;
    message: string;
    hint?: string | undefined;
    cause?: unknown;
  }) {
    super({ ...options, hasLines: true });
    this.option = redactText(options.option);
  }
}
