import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root, runQuietly } from "./run.ts";
import { GXX, installSystemPackages, MAKE, PYTHON } from "./system-packages.ts";

const FOLDER = join(root, "hosts/n8n/installation");
/** Records what was installed, so that nothing is installed again while the lock file is the same. */
const MARKER = join(FOLDER, "node_modules/.installed");
/** The headers of Node come with its npm package, which the toolchain has; else they go here. */
const HEADERS = join(root, ".toolchain/node-headers");
const NODE_PACKAGE = `node-${process.platform}-${process.arch}`;

/** Installs the n8n that the end-to-end tests run. Throws with advice for a person. */
export async function installN8n(): Promise<void> {
  const wanted = describeInstallation();
  if (existsSync(MARKER) && readFileSync(MARKER, "utf8") === wanted) return;
  process.stderr.write("Setting up: n8n (about 2 minutes the first time) …\n");
  await needCompiler();
  // SQLite is compiled here rather than fetched from github.com: the same everywhere, and no host but the registry.
  process.env.npm_config_build_from_source = "true";
  process.env.npm_config_nodedir = await findNodeHeaders();
  if (await runQuietly("pnpm", ["--dir", FOLDER, "install", "--frozen-lockfile", "--prefer-offline"]))
    throw new Error(
      "n8n could not be installed: see the messages above. Is the npm registry reachable? Behind a proxy, set HTTPS_PROXY.",
    );
  writeFileSync(MARKER, wanted);
}

/** What is compiled belongs to one kind of machine and one Node. */
function describeInstallation(): string {
  const hash = createHash("sha256");
  for (const name of ["package.json", "pnpm-workspace.yaml", "pnpm-lock.yaml"])
    hash.update(readFileSync(join(FOLDER, name)));
  return `${hash.digest("hex")} ${NODE_PACKAGE} ${process.versions.modules}\n`;
}

async function needCompiler(): Promise<void> {
  const missing = await installSystemPackages([PYTHON, MAKE, GXX]);
  if (missing.length === 0) return;
  throw new Error(`n8n's SQLite cannot be compiled. ${missing.map(({ advice }) => advice).join(" ")}`);
}

/** A folder with include/node/node_api.h; without one, node-gyp would ask nodejs.org. */
async function findNodeHeaders(): Promise<string> {
  const node = join(dirname(process.execPath), "..");
  const places = [node, join(node, "node_modules", NODE_PACKAGE), join(node, "..", NODE_PACKAGE)];
  const installed = join(HEADERS, "node_modules", NODE_PACKAGE);
  const found = [...places, installed].find(hasHeaders);
  if (found) return found;
  const { node: version } = process.versions;
  const quietly = ["--ignore-scripts", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
  await runQuietly("npm", ["install", "--prefix", HEADERS, ...quietly, `${NODE_PACKAGE}@${version}`]);
  if (hasHeaders(installed)) return installed;
  throw new Error(
    `The headers of Node ${version} are missing, which n8n's SQLite is compiled with. Install Node ${version} with its include folder.`,
  );
}

function hasHeaders(folder: string): boolean {
  return existsSync(join(folder, "include/node/node_api.h"));
}
