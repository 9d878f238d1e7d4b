import { type Credential, migrate, N8N_PROGRAM } from "./data.ts";
import { baseEnvironment, type Places } from "./environment.ts";
import { startPostgres } from "./postgres.ts";
import { freePorts, type Program, startProgram } from "./processes.ts";

type Environment = Readonly<Record<string, string>>;

export interface Programs {
  readonly url: string;
  readonly main: Program;
  readonly workers: readonly Program[];
  log(): string;
  stop(): Promise<void>;
}

interface ProgramsOptions {
  /** Must also be in the database of queue mode. */
  readonly credential: Credential | undefined;
  readonly workers: number;
  readonly env: Environment;
}

/** The processes of one n8n: the main process and, in queue mode, Redis, PostgreSQL and the workers. */
export async function startPrograms(
  places: Places,
  { credential, workers: workerCount, env }: ProgramsOptions,
): Promise<Programs> {
  const started: Program[] = [];
  const start = (program: Program) => {
    started.push(program);
    return program;
  };
  const programs = {
    log: () => started.map((program) => program.log()).join("\n"),
    stop: async () => {
      await Promise.all(started.map((program) => program.kill("SIGKILL")));
    },
  };
  try {
    const shared = { ...baseEnvironment(places), ...env };
    const queue = workerCount > 0 ? await startQueue(places, credential, start) : {};
    const { url, main } = await startMain(places, { ...shared, ...queue }, start);
    const startOne = () => startWorker(places, { ...shared, ...queue }, start);
    const workers = await Promise.all(Array.from({ length: workerCount }, startOne));
    return { url, main, workers, ...programs };
  } catch (error) {
    await programs.stop();
    throw error;
  }
}

type Start = (program: Program) => Program;

async function startMain({ folder }: Places, shared: Environment, start: Start) {
  const [port, brokerPort] = await freePorts(2);
  const url = `http://127.0.0.1:${port}`;
  const env = {
    ...shared,
    N8N_PORT: String(port),
    N8N_WEBHOOK_URL: `${url}/`,
    N8N_EDITOR_BASE_URL: `${url}/`,
    N8N_RUNNERS_BROKER_PORT: String(brokerPort),
  };
  const main = start(startProgram(process.execPath, [N8N_PROGRAM, "start"], { cwd: folder, env }));
  // It can be ready before its routes are. This route exists even without the editor.
  const hasRoutes = async () => (await fetch(`${url}/rest/login`)).status !== 404;
  await main.untilReady(async () => (await answers(`${url}/healthz/readiness`)) && hasRoutes());
  return { url, main };
}

async function startWorker({ folder }: Places, shared: Environment, start: Start): Promise<Program> {
  const [port, brokerPort] = await freePorts(2);
  const env = {
    ...shared,
    QUEUE_HEALTH_CHECK_ACTIVE: "true",
    QUEUE_HEALTH_CHECK_PORT: String(port),
    N8N_WORKER_SERVER_ADDRESS: "127.0.0.1",
    N8N_RUNNERS_BROKER_PORT: String(brokerPort),
  };
  const worker = start(startProgram(process.execPath, [N8N_PROGRAM, "worker"], { cwd: folder, env }));
  await worker.untilReady(() => answers(`http://127.0.0.1:${port}/healthz/readiness`));
  return worker;
}

/** Redis distributes the executions, PostgreSQL stores them. */
async function startQueue(
  places: Places,
  credential: Credential | undefined,
  start: Start,
): Promise<Environment> {
  const [redis, database] = await Promise.all([startRedis(places, start), startPostgres(places, start)]);
  await migrate(places, credential, database);
  return { ...redis, ...database };
}

/** @returns the environment that connects the n8n processes to it */
async function startRedis({ folder }: Places, start: Start): Promise<Environment> {
  const [port] = await freePorts(1);
  const nothingOnDisk = ["--save", "", "--appendonly", "no"];
  const args = ["--bind", "127.0.0.1", "--port", String(port), "--dir", folder, ...nothingOnDisk];
  const redis = start(startProgram("redis-server", args, { cwd: folder }));
  await redis.untilReady(async () => redis.log().includes("Ready to accept connections"));
  return {
    EXECUTIONS_MODE: "queue",
    QUEUE_BULL_REDIS_HOST: "127.0.0.1",
    QUEUE_BULL_REDIS_PORT: String(port),
    OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: "true",
  };
}

async function answers(url: string): Promise<boolean> {
  return (await fetch(url)).ok;
}
