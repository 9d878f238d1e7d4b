import { type JobEvent, jsonLine, RenderjuiceError } from "@renderjuice/core";
import type { Output } from "./output.ts";

/** One JSON object per line on stdout, and nothing else there. */
export function createJsonOutput(): Output {
  const write = (event: { readonly type: string }) => {
    process.stdout.write(`${jsonLine(event)}\n`);
  };
  return {
    isJson: true,
    event: (event: JobEvent) => write(event),
    result: (_text, data) => write({ type: "result", ...data }),
    note: (message) => write({ type: "note", ...{ message } }),
    warning: (message, hint) => write({ type: "warning", ...{ message, hint } }),
    error: (error, exitCode, next) => write({ type: "error", ...describe(error), ...{ exitCode, next } }),
    close: () => {},
  };
}

function describe(error: unknown): Record<string, unknown> {
  if (RenderjuiceError.isInstance(error)) return error.toJSON();
  return { code: "bug", message: error instanceof Error ? error.message : String(error) };
}
