import type { HostCheck } from "./allowed-hosts.ts";
import type { Clock } from "./clock.ts";
import type { DataPaths } from "./data-paths.ts";
import type { FaultSet } from "./faults/fault-set.ts";
import type { FaultName } from "./faults/registry.ts";
import type { JobRunner } from "./job-runner.ts";
import type { Logger } from "./logger.ts";
import type { Statistics } from "./statistics.ts";
import type { Store, Workspace } from "./store.ts";

/** What the routes work with. */
export interface ApiContext {
  readonly store: Store;
  readonly paths: DataPaths;
  readonly runner: JobRunner;
  readonly clock: Clock;
  readonly faults: FaultSet;
  readonly statistics: Statistics;
  readonly workspaces: readonly Workspace[];
  /** Makes a signed URL of the storage host; the path is not encoded. */
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
  /** Parsed JSON; undefined when there is none. */
  readonly body: unknown;
  readonly query: Readonly<Record<string, string>>;
  /** The `{id}` of the path; empty where there is none. */
  readonly jobId: string;
  /** Whether a fault strikes this request: its argument, or undefined. */
  readonly takeFault: (name: FaultName) => string | undefined;
}

export interface ApiAnswer {
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export type Route = (context: ApiContext, request: ApiRequest) => ApiAnswer;
