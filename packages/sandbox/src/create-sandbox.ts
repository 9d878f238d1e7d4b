import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import type { AddressInfo, Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAdaptorServer } from "@hono/node-server";
import { addAdminRoutes } from "./admin-app.ts";
import { createHostCheck } from "./allowed-hosts.ts";
import { API_PATH, createApiApp } from "./api-app.ts";
import type { ApiContext } from "./api-context.ts";
import { chooseRenderer } from "./choose-renderer.ts";
import { systemClock } from "./clock.ts";
import { createDataPaths, makeDataFolder, removeUnfinished } from "./data-paths.ts";
import { openDatabase } from "./database.ts";
import { FaultSet } from "./faults/fault-set.ts";
import { JobRunner } from "./job-runner.ts";
import { silentLogger } from "./logger.ts";
import { addPlayground } from "./playground.ts";
import type { Renderer } from "./renderers/renderer.ts";
import type { SandboxOptions } from "./sandbox-options.ts";
import { createStatistics, type Statistics } from "./statistics.ts";
import { signUrl } from "./storage/signed-url.ts";
import { createStorageHost } from "./storage/storage-host.ts";
import { type DeliveryRecord, Store } from "./store.ts";
import { WebhookSender } from "./webhook-sender.ts";

const DEFAULT_URL_LIFETIME_MS = 3_600_000;

/** A running sandbox. */
export interface Sandbox extends AsyncDisposable {
  /** The base URL for clients. */
  readonly url: string;
  readonly storageUrl: string;
  readonly docsUrl: string;
  /** One per workspace; workspaces do not see each other's jobs. */
  readonly apiKeys: readonly string[];
  /** A file with the first key, readable only by this user. */
  readonly apiKeyFile: string;
  readonly rendererName: string;
  /** How scenes are isolated from this machine; undefined if scenes are never opened. */
  readonly isolation: Renderer["isolation"];
  readonly faults: FaultSet;
  readonly statistics: Statistics;
  deliveries(): DeliveryRecord[];
  /** Stops immediately. The next sandbox on the same data folder continues the unfinished work. */
  close(): Promise<void>;
}

/**
 * Starts a Renderjuice-compatible server.
 *
 * @throws BlenderNotFoundError if Blender is required but missing; Error if the data folder or a port is in use.
 * @example
 * const sandbox = await createSandbox({ renderer: "simulated" });
 * const client = createNodeClient({ baseUrl: sandbox.url, apiKey: sandbox.apiKeys[0] });
 * await sandbox.close();
 */
export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { host = "127.0.0.1", clock = systemClock, logger = silentLogger } = options;
  const renderer = await chooseRenderer(options, clock, logger);
  const faults = new FaultSet();
  faults.add(...(options.faults ?? []));
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), "renderjuice-sandbox-")));
  makeDataFolder(dataDir);
  const store = new Store(openDatabase(dataDir), clock.now);
  removeUnfinished(dataDir);
  const workspaces = store.ensureWorkspaces(options.apiKeys);
  const apiKeyFile = join(dataDir, "api-key");
  await writeFile(apiKeyFile, `${workspaces[0]?.apiKey}\n`, { mode: 0o600 });
  await chmod(apiKeyFile, 0o600);
  const paths = createDataPaths(dataDir);
  const statistics = createStatistics();
  const secret = store.ensureSecret("storage");

  const isOurHost = createHostCheck(host, options.allowedHosts);
  const { allowedOrigins = [] } = options;
  const storageHost = createStorageHost({
    ...{ isOurHost, allowedOrigins, store, paths, secret, clock, faults, statistics },
  });
  const sign: ApiContext["sign"] = (method, path, lifetimeMs) =>
    signUrl(storageUrl, secret, { method, path, expiresAtMs: clock.now() + lifetimeMs });

  const urlLifetimeMs = options.urlLifetimeMs ?? DEFAULT_URL_LIFETIME_MS;
  const frameUrls = (job: { id: string }) =>
    store
      .listFiles(job.id)
      .flatMap(({ kind, relativePath }) =>
        kind === "frame" ? [sign("GET", `/files/${job.id}/${relativePath}`, urlLifetimeMs)] : [],
      );
  const webhooks =
    options.webhook &&
    new WebhookSender({ target: options.webhook, store, clock, faults, logger, frameUrls });
  const runner = new JobRunner({
    ...{ store, paths, renderer, clock, statistics, logger, faults },
    concurrency: options.concurrency ?? (renderer.name === "blender" ? 1 : 8),
    onFinal: (job) => webhooks?.announce(job),
  });

  const app = createApiApp({
    ...{ store, paths, runner, clock, faults, statistics, workspaces, sign, urlLifetimeMs },
    ...{ isOurHost, allowedOrigins, logger },
    lateOutputs: new Map(),
  });
  addAdminRoutes(app, { store, faults, statistics, clock });
  addPlayground(app);
  const apiHost = createAdaptorServer({ fetch: app.fetch }) as Server;

  const closeAll = async () => {
    await Promise.all([stop(apiHost), stop(storageHost), runner.close(), webhooks?.close()]);
    store.close();
    if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
  };
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= closeAll();
    return closing;
  };
  const listenBoth = async () => [
    await listen(storageHost, options.storagePort ?? 0, host),
    await listen(apiHost, options.port ?? 0, host),
  ];
  const [storageUrl = "", origin = ""] = await listenBoth().catch(async (error) => {
    await close();
    throw error;
  });
  runner.resume();
  return {
    url: origin + API_PATH,
    storageUrl,
    docsUrl: `${origin}/docs`,
    apiKeys: workspaces.map(({ apiKey }) => apiKey),
    apiKeyFile,
    rendererName: renderer.name,
    isolation: renderer.isolation && {
      kind: renderer.isolation.kind,
      description: renderer.isolation.description,
    },
    faults,
    statistics,
    deliveries: () => store.listDeliveries(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function listen(server: Server, port: number, host: string): Promise<string> {
  server.listen(port, host);
  await once(server, "listening");
  const address = server.address() as AddressInfo;
  return `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`;
}

async function stop(server: Server & { closeAllConnections?: (() => void) | undefined }): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections?.();
  await closed;
}
