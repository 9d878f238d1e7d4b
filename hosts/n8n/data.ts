import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { baseEnvironment, type Places, placesIn } from "./environment.ts";
import { freePorts } from "./processes.ts";

const runFile = promisify(execFile);
const N8N_FOLDER = fileURLToPath(new URL("./installation", import.meta.url));
export const N8N_PROGRAM = join(N8N_FOLDER, "node_modules/n8n/bin/n8n");

export interface Credential {
  /** Sixteen letters and digits, like the ids that n8n generates. */
  readonly id: string;
  readonly name: string;
  readonly type: string;
}

/** Prepares what an n8n needs before its first start: a database, an empty credential and, if given, a package. */
export async function prepareData(
  places: Places,
  credential?: Credential,
  packageFolder?: string,
): Promise<void> {
  await mkdir(places.filesFolder, { recursive: true });
  await writeFile(places.connectionsFile, "");
  await cp(await migratedData(credential), join(places.folder, ".n8n"), { recursive: true });
  if (packageFolder !== undefined) await installPackage(places, packageFolder);
}

/** The migrations take seconds, so their result is kept next to the n8n that made it. */
async function migratedData(credential?: Credential): Promise<string> {
  const template = join(N8N_FOLDER, `node_modules/.migrated-data-${credential?.id ?? "bare"}`);
  if (existsSync(template)) return template;
  const folder = await mkdtemp(join(N8N_FOLDER, "node_modules/.migrating-"));
  try {
    await migrate(placesIn(folder), credential);
    await rename(join(folder, ".n8n"), template).catch(ignoreWhenAlreadyMade);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return template;
}

/** The first command that n8n runs on an empty database creates its tables. This one also adds the credential. */
export async function migrate(
  places: Places,
  credential?: Credential,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const credentials = join(places.folder, "credentials.json");
  await writeFile(credentials, JSON.stringify(credential ? [{ ...credential, data: {} }] : []));
  const [port] = await freePorts(1);
  await runFile(process.execPath, [N8N_PROGRAM, "import:credentials", `--input=${credentials}`], {
    cwd: places.folder,
    env: { ...baseEnvironment(places), ...env, N8N_RUNNERS_BROKER_PORT: String(port) },
  });
}

function ignoreWhenAlreadyMade(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
}

/** Where n8n puts a package that a user installs from its settings. */
async function installPackage({ folder }: Places, packageFolder: string): Promise<void> {
  const { name } = JSON.parse(await readFile(join(packageFolder, "package.json"), "utf8"));
  await unpackPackage(packageFolder, join(folder, ".n8n/nodes/node_modules", name));
}

/** Unpacks a package into a folder, as it would be published. */
export async function unpackPackage(packageFolder: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  const packed = await mkdtemp(join(tmpdir(), "n8n-pack-"));
  try {
    await runFile("pnpm", ["--dir", packageFolder, "pack", "--pack-destination", packed]);
    const [tarball = ""] = await readdir(packed);
    await runFile("tar", ["-xzf", join(packed, tarball), "-C", target, "--strip-components=1"]);
  } finally {
    await rm(packed, { recursive: true, force: true });
  }
}
