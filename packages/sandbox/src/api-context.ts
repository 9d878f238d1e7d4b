import type { HostCheck } from "./allowed-hosts.ts";
import type { Clock } from "./clock.ts";
import type { DataPaths } from "./data-paths.ts";
import type { FaultSet } from "./faults/fault-set.ts";
import type { FaultName } from "./faults/registry.ts";
import type { JobRunner } from "./job-runner.ts";
import type { Logger } from "./logger.ts";
import type { Statistics } from "./statistics.ts";
import type { Store, Workspace } from "./store.ts";

/** What the routes need. */
export interface ApiContext {
  readonly store: Store;
  readonly paths: DataPaths;
  readonly runner: JobRunner;
  readonly clock: Clock;
  readonly faults: FaultSet;
  readonly statistics: Statistics;
  readonly workspaces: readonly Workspace[];
  /** Creates a signed URL of the storage host; the path is not encoded. */
  readonly sign: (method: "GET" | "PUT", path: string, lifetimeMs: number) => string;
  readonly urlLifetimeMs: number;
  readonly isOurHost: HostCheck;
  readonly allowedOrigins: readonly string[];
  readonly logger: Logger;
  /** Whether each completed job still hides its files, and for how many requests. */
  readonly lateOutputs: Map<string, number>;
}

/** One request as a route sees it. */
export interface ApiRequest {
  readonly workspace: Workspace;
  /** Parsed JSON; undefined if there is no body. */
  readonly body: unknown;
  readonly query: Readonly<Record<string, string>>;
  /** The `{id}` of the path; empty if there is none. */
  readonly jobId: string;
  /** The argument of a fault that applies to this request, or undefined. */
  readonly takeFault: (name: FaultName) => string | undefined;
}

export interface ApiAnswer {
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export type Route = (context: ApiContext, request: ApiRequest) => ApiAnswer;
