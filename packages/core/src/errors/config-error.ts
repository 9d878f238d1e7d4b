import { redactText } from "../text/redact.ts";
import { RenderjuiceError } from "./renderjuice-error.ts";

/**
 * An option is missing or invalid. Nothing was sent.
 *
 * @example
 * ```ts
 * import { ConfigError } from "@renderjuice/core/node";
 *
 * try {
 *   await client.submit("shot.blend", { frames: "1-b" });
 * } catch (error) {
 *   if (!ConfigError.isInstance(error)) throw error;
 *   console.error(`${error.option}: ${error.message}`);
 * }
 * ```
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
