import type { NodeClient } from "@renderjuice/core/node";

declare global {
  /** A client. */
  const client: NodeClient;
  /** The id of a job that exists. */
  const jobId: string;
}
