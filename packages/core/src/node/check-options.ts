import * as z from "zod/v4";
import { SUBMIT_OPTIONS } from "../lifecycle/submit-options.ts";
import { checkInput } from "../settings/check-input.ts";
import { aFunction, anAbortSignal, anything } from "../settings/option-schemas.ts";
import type { DownloadOptions } from "./download/download-outputs.ts";
import type { NodeClientOptions, NodeSubmitOptions } from "./node-client.ts";
import type { OnceOptions } from "./once/run-job-once.ts";

const DOWNLOAD_OPTIONS = {
  outDir: z.string(),
  framePattern: z.string().optional(),
  onlyMissing: z.boolean().optional(),
  concurrency: z.int().min(1).describe("a whole number of 1 or more").optional(),
  kinds: z.array(z.string()).optional(),
  frames: z.array(z.number()).describe("a list of frame numbers").optional(),
} satisfies Record<keyof DownloadOptions, z.ZodType>;

const downloadSchema = z.strictObject(DOWNLOAD_OPTIONS).describe('an object such as { outDir: "frames" }');
const downloadCallSchema = z
  .strictObject({ ...DOWNLOAD_OPTIONS, signal: anAbortSignal.optional(), onEvent: aFunction.optional() })
  .describe('an object such as { outDir: "frames" }');

const onceSchema = z.strictObject({
  tag: z.string(),
  recordFile: z.string(),
  jobId: z.string().optional(),
} satisfies Record<keyof OnceOptions, z.ZodType>);

const SUBMIT = {
  ...SUBMIT_OPTIONS,
  download: downloadSchema,
  mainScene: z.string(),
  bringFiles: z.boolean(),
  once: onceSchema,
} satisfies Record<keyof NodeSubmitOptions, z.ZodType>;
const submitSchema = z.strictObject(SUBMIT).partial();
const submitWithDownloader = z.strictObject({ ...SUBMIT, download: aFunction }).partial();

const clientSchema = z
  .strictObject({
    apiKey: z.string(),
    apiKeyFile: z.string(),
    baseUrl: z.string(),
    env: anything,
    configFile: z.string(),
    ca: anything,
    connections: z.number(),
    retry: anything,
    poll: anything,
    timeoutMs: z.number(),
    userAgent: z.string(),
    onEvent: aFunction,
    runtime: anything,
  } satisfies Record<keyof NodeClientOptions, z.ZodType>)
  .partial();

const OPTIONS = { option: "options", member: "option" };

/** @throws ConfigError before anything is sent */
export function checkNodeClientOptions(options: unknown): void {
  checkInput(clientSchema, options, OPTIONS);
}

/** @throws ConfigError before anything is sent */
export function checkNodeSubmitOptions(options: NodeSubmitOptions): void {
  const schema: z.ZodType = typeof options?.download === "function" ? submitWithDownloader : submitSchema;
  checkInput(schema, options, OPTIONS);
}

/** @throws ConfigError before anything is sent */
export function checkDownloadCall(options: unknown): void {
  checkInput(downloadCallSchema, options, OPTIONS);
}
