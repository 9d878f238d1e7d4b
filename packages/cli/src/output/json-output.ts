import { type JobEvent, jsonLine, RenderjuiceError } from "@renderjuice/core";
import type { Output } from "./output.ts";

/** One JSON object per line on stdout, and nothing else there. Of a scene, each names the scene and, once there is one, its job. */
export function createJsonOutput(scene?: string): Output {
  let jobId: string | undefined;
  const write = (event: { readonly type: string }) => {
    const about = { ...(scene !== undefined && { scene }), ...(jobId !== undefined && { jobId }) };
    process.stdout.write(`${jsonLine({ ...about, ...event })}\n`);
  };
  return {
    isJson: true,
    event: (event: JobEvent) => {
      if (scene !== undefined && "jobId" in event) jobId = event.jobId;
      write(event);
    },
    result: (_text, data) => write({ type: "result", ...data }),
    note: (message) => write({ type: "note", ...{ message } }),
    warning: (message, hint) => write({ type: "warning", ...{ message, hint } }),
    error: (error, exitCode, next) => write({ type: "error", ...describe(error), ...{ exitCode, next } }),
    close: () => {},
    ofScene: createJsonOutput,
  };
}

function describe(error: unknown): Record<string, unknown> {
  if (RenderjuiceError.isInstance(error)) return error.toJSON();
  return { code: "bug", message: error instanceof Error ? error.message : String(error) };
}
