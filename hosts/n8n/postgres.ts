import { execFile, execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { chmod, chown, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Places } from "./environment.ts";
import { freePorts, type Program, startProgram } from "./processes.ts";

/** Debian does not put the server's programs on PATH. */
const DEBIAN_FOLDER = "/usr/lib/postgresql";

/** The folder of `initdb` and `postgres`. Undefined if they are not installed. */
export function findPostgres(): string | undefined {
  const versions = existsSync(DEBIAN_FOLDER) ? readdirSync(DEBIAN_FOLDER) : [];
  const folders = [
    ...versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(DEBIAN_FOLDER, version, "bin")),
    ...(process.env.PATH ?? "").split(":"),
  ];
  return folders.find((folder) => existsSync(join(folder, "initdb")));
}

/**
 * A separate database for the tests, on 127.0.0.1, in a temporary folder. n8n requires it in queue mode: if several
 * processes use one SQLite file, executions fail with "database is locked".
 *
 * @returns the environment that connects the n8n processes to it
 */
export async function startPostgres(
  { folder }: Places,
  start: (program: Program) => Program,
): Promise<Readonly<Record<string, string>>> {
  const programs = findPostgres() ?? "";
  const data = join(folder, "postgres");
  const user = serverUser();
  await mkdir(data, { mode: 0o700 });
  if (user) {
    await chmod(folder, 0o711);
    await chown(data, user.uid, user.gid);
  }
  const init = ["-D", data, "-U", "n8n", "--auth=trust", "--no-sync", "--encoding=UTF8", "--no-locale"];
  await promisify(execFile)(join(programs, "initdb"), init, { cwd: data, ...user });
  const [port] = await freePorts(1);
  const args = ["-D", data, "-h", "127.0.0.1", "-p", String(port), "-k", "", "-F"];
  const server = start(startProgram(join(programs, "postgres"), args, { cwd: data, ...user }));
  await server.untilReady(async () => server.log().includes("ready to accept connections"));
  return {
    DB_TYPE: "postgresdb",
    DB_POSTGRESDB_HOST: "127.0.0.1",
    DB_POSTGRESDB_PORT: String(port),
    DB_POSTGRESDB_DATABASE: "postgres",
    DB_POSTGRESDB_USER: "n8n",
    DB_POSTGRESDB_PASSWORD: "unused",
  };
}

/** The server refuses to run as root. In that case, it runs as the user that its package created. */
function serverUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (option: string) => Number(execFileSync("id", [option, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}
