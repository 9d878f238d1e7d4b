import type { JobEvent } from "@renderjuice/core";
import { jsonLine } from "@renderjuice/core/adapter";
import { describeError } from "../describe-error.ts";
import type { NextSteps, Output, OutputOptions } from "./output.ts";

/** One JSON object per line on stdout, and nothing else there. Events of a scene name the scene and, once it exists, its job. */
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
    error: (error, exitCode, steps) =>
      write({ type: "error", ...describeError(error).details, ...{ exitCode } }, steps),
    close: () => {},
    ofScene: (name) => createJsonOutput(options, name),
  };
}
