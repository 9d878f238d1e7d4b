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
  /** Of a package with nodes, whose `dist` is built: it is packed and installed, as a user installs it. */
  readonly packageFolder?: string;
  readonly credential?: Credential & { readonly data: object };
  /** The editor, for pictures. */
  readonly ui?: boolean;
  readonly binaryMode?: "filesystem" | "database";
  /** More than none: queue mode, with its own Redis and PostgreSQL. */
  readonly workers?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export interface N8nWorker {
  readonly pid: number;
  log(): string;
  isRunning(): boolean;
  /** Resolves when the process has ended. */
  kill(signal: NodeJS.Signals): Promise<void>;
}

export interface N8n extends WorkflowRuns, AsyncDisposable {
  readonly url: string;
  readonly folder: string;
  /** The one folder whose files workflows may read. */
  readonly filesFolder: string;
  readonly mainPid: number;
  readonly workers: readonly N8nWorker[];
  /** n8n's own REST API, as its owner; `path` begins with /rest/. */
  readonly rest: Rest;
  /** Of the owner's session: `name=value`. */
  readonly cookie: string;
  /** Everything that its processes have printed. */
  log(): string;
  /** With whom its processes wanted to talk, besides this machine. */
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
