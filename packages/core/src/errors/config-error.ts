import { redactText } from "../text/redact.ts";
import { RenderjuiceError } from "./renderjuice-error.ts";

/** An option is missing or makes no sense. Nothing was sent. */
export class ConfigError extends RenderjuiceError {
  /** Name of the option at fault. */
  readonly option: string;

  constructor(options: {
    code: "missing_api_key" | "invalid_option";
    option: string;
    message: string;
    hint?: string | undefined;
    cause?: unknown;
  }) {
    super({ ...options, hasLines: true, hint: options.hint ?? defaultHint(options.code) });
    this.option = redactText(options.option);
  }
}

function defaultHint(code: "missing_api_key" | "invalid_option"): string | undefined {
  return code === "missing_api_key"
    ? "Set RENDERJUICE_API_KEY to the key from the Renderjuice dashboard."
    : undefined;
}
