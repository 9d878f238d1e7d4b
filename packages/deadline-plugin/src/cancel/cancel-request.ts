import * as z from "zod/v4";
import { readRequestFile } from "../request-file.ts";

const requestSchema = z.strictObject({
  /** Remote jobs whose ids are known. */
  jobIds: z.array(z.string().min(1)).default([]),
  /** What the tags of all renders of the Deadline job start with. */
  tagPrefix: z.string().regex(/^[\w-]+-$/),
  /** Where the renders keep their records. */
  outDir: z.string().min(1).optional(),
});

/** Which renders no job owns anymore. */
export type CancelRequest = z.infer<typeof requestSchema>;

/** @throws ConfigError if the file cannot be read or is not valid. */
export function readCancelRequest(path: string): Promise<CancelRequest> {
  return readRequestFile(path, requestSchema);
}
