import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Credential, prepareData } from "./data.ts";
import { placesIn } from "./environment.ts";
import { lastLines } from "./processes.ts";
import { startPrograms } from "./programs.ts";
import { logIn, type Rest } from "./rest-client.ts";
import { createWorkflowRuns, type WorkflowRuns } from "./workflow-runs.ts";

export interface N8nOptions {
  /** A package with nodes, whose `dist` is built. It is packed and installed in the same way as by a user. */
  readonly packageFolder?: string;
  readonly credential?: Credential & { readonly data: object };
  /** Whether to serve the editor. @default false */
  readonly ui?: boolean;
  readonly binaryMode?: "filesystem" | "database";
  /** With any workers, n8n runs in queue mode, with its own Redis and PostgreSQL. @default 0 */
  readonly workers?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export interface N8nWorker {
  readonly pid: number;
  log(): string;
  isRunning(): boolean;
  /** Resolves once the process has ended. */
  kill(signal: NodeJS.Signals): Promise<void>;
}

export interface N8n extends WorkflowRuns, AsyncDisposable {
  readonly url: string;
  readonly folder: string;
  /** The only folder whose files workflows may read. */
  readonly filesFolder: string;
  readonly mainPid: number;
  readonly workers: readonly N8nWorker[];
  /** n8n's internal REST API, as its owner. `path` starts with `/rest/`. */
  readonly rest: Rest;
  /** The cookie of the owner's session: `name=value`. */
  readonly cookie: string;
  /** Everything that its processes printed. */
  log(): string;
  /** The other hosts that its processes tried to connect to. */
  connections(): Promise<readonly string[]>;
}

/** A real n8n on 127.0.0.1. */
export async function startN8n({
  packageFolder,
  credential,
  ui = false,
  binaryMode = "filesystem",
  workers = 0,
  env = {},
}: N8nOptions = {}): Promise<N8n> {
  const places = placesIn(await mkdtemp(join(tmpdir(), "n8n-")));
  const removeFolder = () => rm(places.folder, { recursive: true, force: true, maxRetries: 3 });
  const modes = { N8N_DISABLE_UI: String(!ui), N8N_DEFAULT_BINARY_DATA_MODE: binaryMode };
  try {
    await prepareData(places, credential, packageFolder);
    const programs = await startPrograms(places, { credential, workers, env: { ...modes, ...env } });
    const log = () => lastLines(programs.log());
    const { rest, cookie } = await logIn(programs.url);
    if (credential) await rest("PATCH", `/rest/credentials/${credential.id}`, credential);
    return {
      url: programs.url,
      folder: places.folder,
      filesFolder: places.filesFolder,
      mainPid: programs.main.pid,
      workers: programs.workers,
      rest,
      cookie,
      ...createWorkflowRuns(programs.url, rest, log),
      log: programs.log,
      connections: () => readConnections(places.connectionsFile),
      async [Symbol.asyncDispose]() {
        await programs.stop();
        await removeFolder();
      },
    };
  } catch (error) {
    await removeFolder();
    throw error;
  }
}

const THIS_MACHINE = /^(localhost|127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;

async function readConnections(file: string): Promise<readonly string[]> {
  const hosts = (await readFile(file, "utf8")).split("\n").filter((host) => host !== "");
  return [...new Set(hosts)].filter((host) => !THIS_MACHINE.test(host));
}
