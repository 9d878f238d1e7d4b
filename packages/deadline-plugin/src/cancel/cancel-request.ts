import { z } from "zod/v4";
import { readRequestFile } from "../request-file.ts";

const requestSchema = z.strictObject({
  /** Remote jobs whose ids are known. */
  jobIds: z.array(z.string().min(1)).default([]),
  /** What the tags of all renders of the Deadline job begin with. */
  tagPrefix: z.string().regex(/^[\w-]+-$/),
  /** Where the renders keep their records. */
  outDir: z.string().min(1).optional(),
});

/** Which renders nobody owns any more. */
export type CancelRequest = z.infer<typeof requestSchema>;

/** @throws ConfigError when the file cannot be read or says something else. */
export function readCancelRequest(path: string): Promise<CancelRequest> {
  return readRequestFile(path, requestSchema);
}
