import type { Job, JobHandle, Source } from "@renderjuice/core";
import type { PlannedOutput } from "@renderjuice/core/adapter";
import type { NodeClient } from "@renderjuice/core/node";

declare global {
  const client: NodeClient;
  /** The id of a job that exists. */
  const jobId: string;
  const job: Job;
  /** A job on its way. */
  const handle: JobHandle;
  const source: Source;
  /** The files of a job. */
  const outputs: readonly PlannedOutput[];
  /** The signed URL of one of them. */
  const url: string;
  /** Such as one that was dropped onto a page. */
  const file: File;
  /** What was caught. */
  const error: unknown;
}
