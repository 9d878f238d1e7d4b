import { type JobEvent, RenderjuiceError } from "@renderjuice/core";
import { jsonLine } from "@renderjuice/core/adapter";
import type { NextSteps, Output, OutputOptions } from "./output.ts";

/** One JSON object per line on stdout, and nothing else there. Of a scene, each names the scene and, once there is one, its job. */
export function createJsonOutput(options: OutputOptions, scene?: string): Output {
  let jobId: string | undefined;
  const write = (event: { readonly type: string }, steps: NextSteps = {}) => {
    const place = scene === undefined ? {} : { scene };
    const about = { ...place, jobId };
    process.stdout.write(`${jsonLine({ ...about, ...event }, { ...place, ...steps }, options.secrets)}\n`);
  };
  return {
    isJson: true,
    event: (event: JobEvent, steps) => {
      if (scene !== undefined && "jobId" in event) jobId = event.jobId;
      write(event, steps);
    },
    result: (_text, data, steps) => write({ type: "result", ...data }, steps),
    note: (message, steps) => write({ type: "note", ...{ message } }, steps),
    warning: (message, hint, steps) => write({ type: "warning", ...{ message, hint } }, steps),
    error: (error, exitCode, steps) => write({ type: "error", ...describe(error), ...{ exitCode } }, steps),
    close: () => {},
    ofScene: (name) => createJsonOutput(options, name),
  };
}

function describe(error: unknown): Record<string, unknown> {
  if (RenderjuiceError.isInstance(error)) return error.toJSON();
  return { code: "bug", message: error instanceof Error ? error.message : String(error) };
}
