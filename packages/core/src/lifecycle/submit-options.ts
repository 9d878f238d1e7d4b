import * as z from "zod/v4";
import { ConfigError } from "../errors/index.ts";
import { checkInput } from "../settings/check-input.ts";
import {
  aFunction,
  anAbortSignal,
  anAsyncIterable,
  aPlainObject,
  frameRanges,
} from "../settings/option-schemas.ts";
import { JOB_GOALS } from "./run-job.ts";
import type { SubmitOptions } from "./submit-job.ts";

/** What each option of `submit` takes. `settings` are checked as settings. */
export const SUBMIT_OPTIONS = {
  frames: frameRanges,
  settings: aPlainObject,
  until: z.enum(JOB_GOALS),
  requireComplete: z.boolean(),
  decide: aFunction,
  download: aFunction,
  wake: anAsyncIterable,
  signal: anAbortSignal,
  deadlineMs: z.number().describe("a number of milliseconds"),
  onEvent: aFunction,
} satisfies Record<keyof SubmitOptions, z.ZodType>;

const schema = z.strictObject(SUBMIT_OPTIONS).partial();

/** An option that does not exist would be ignored, and the wrong render paid for. @throws ConfigError */
export function checkSubmitOptions(options: unknown): void {
  checkInput(schema, options, { option: "options", member: "option" });
}

/** @throws ConfigError unless it is a source, or has a slug or a job id */
export function checkSubmission(what: unknown): void {
  if (typeof what === "object" && what !== null) {
    if ("slug" in what || "jobId" in what) return;
    if ("open" in what && "readFacts" in what) return;
  }
  throw new ConfigError({
    code: "invalid_option",
    option: "source",
    message: `This cannot be submitted: ${what === null ? "null" : typeof what}.`,
    hint: "Pass a scene, { slug } of an upload, or { jobId } of a job.",
  });
}

/** The job that is continued, if it is one. */
export function jobIdOf(what: unknown): string | undefined {
  const { jobId } = (what ?? {}) as { readonly jobId?: unknown };
  return typeof jobId === "string" ? jobId : undefined;
}
