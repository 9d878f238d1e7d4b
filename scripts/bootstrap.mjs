// Brings Node and pnpm in the right versions, installs dependencies and runs scripts/<task>.ts.
// Runs on whatever Node the machine has (20 or newer), hence plain JavaScript.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const toolchain = join(root, ".toolchain");
const marker = join(toolchain, "installed.json");
const isWindows = process.platform === "win32";

const [task, ...taskArguments] = process.argv.slice(2);
const script = join(root, "scripts", `${task}.ts`);
if (!task || !existsSync(script)) fail(`There is no task "${task}": see the scripts in package.json.`);

/** Exact versions, and the hashes of what they consist of. */
const wanted = JSON.parse(readFileSync(join(root, "scripts/toolchain.json"), "utf8"));
const folders = findToolchain() ?? installToolchain();
const env = {
  ...process.env,
  PATH: [...folders, join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter),
};

installDependencies();
// Ctrl-C is for the script, which ends in its own way; this waits for it.
process.on("SIGINT", () => {});
const { status, signal } = spawnSync("node", [script, ...taskArguments], {
  cwd: root,
  env,
  stdio: "inherit",
});
if (signal) process.kill(process.pid, signal);
process.exit(status ?? 1);

/** Folders to put in front of PATH: none when the machine has the right versions. */
function findToolchain() {
  const pnpm = spawnSync("pnpm", ["--version"], {
    encoding: "utf8",
    shell: isWindows,
    cwd: toolchainOrRoot(),
  });
  const hasPnpm = pnpm.status === 0 && majorOf(pnpm.stdout) >= majorOf(wanted.pnpm);
  if (hasPnpm && majorOf(process.versions.node) >= majorOf(wanted.node)) return [];
  return readMarker() === JSON.stringify(wanted) ? [join(toolchain, "node_modules", ".bin")] : undefined;
}

function majorOf(version) {
  return Number.parseInt(version, 10);
}

/** Outside the repository pnpm does not look at its `packageManager` field. */
function toolchainOrRoot() {
  return existsSync(toolchain) ? toolchain : root;
}

/** Written last: what was interrupted is installed again. */
function readMarker() {
  return existsSync(marker) ? readFileSync(marker, "utf8") : undefined;
}

/** Nothing that is installed here runs before its hash was compared. */
function installToolchain() {
  console.error(
    `Setting up: Node ${wanted.node} and pnpm ${wanted.pnpm} into .toolchain/ (this project only) …`,
  );
  rmSync(toolchain, { recursive: true, force: true });
  const nodePackage = `node-${isWindows ? "win" : process.platform}-${process.arch}`;
  const packages = [`${nodePackage}@${wanted.node}`, `pnpm@${wanted.pnpm}`];
  const quietly = ["--ignore-scripts", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
  run("npm", ["install", "--prefix", toolchain, ...quietly, ...packages], process.env);
  checkIntegrity();
  // Links pnpm to its program for this machine.
  run("npm", ["rebuild", "--prefix", toolchain, "--loglevel=error", "pnpm"], process.env);
  writeFileSync(marker, JSON.stringify(wanted));
  return [join(toolchain, "node_modules", ".bin")];
}

/** npm has compared each archive with the hash that the registry gave; here that hash is compared with ours. */
function checkIntegrity() {
  const lock = join(toolchain, "node_modules", ".package-lock.json");
  const { packages } = JSON.parse(readFileSync(lock, "utf8"));
  for (const [path, { integrity }] of Object.entries(packages)) {
    const name = path.replace(/^node_modules\//, "");
    const expected = wanted.integrity[name];
    if (expected === integrity) continue;
    if (expected === undefined) {
      console.error(
        `! No hash of ${name} is known for this kind of machine: it is taken as the registry gives it.`,
      );
      continue;
    }
    rmSync(toolchain, { recursive: true, force: true });
    fail(
      `${name} is not what this project was made with: its hash is ${integrity}, not ${expected}.\n` +
        "Nothing of it was run. The registry or a proxy in between gives other contents: do not go on before you know why.",
    );
  }
}

function installDependencies() {
  if (!existsSync(join(root, "node_modules"))) console.error("Setting up: dependencies …");
  run("pnpm", ["install", "--frozen-lockfile", "--prefer-offline", "--reporter=silent"], env);
}

/** Quiet while it goes well; everything it said when it does not. */
function run(command, args, environment) {
  const result = spawnSync(command, args, {
    cwd: root,
    env: environment,
    encoding: "utf8",
    shell: isWindows,
  });
  if (result.status === 0) return;
  fail(
    `"${command} ${args.join(" ")}" failed.\n${result.error?.message ?? ""}${result.stdout ?? ""}${result.stderr ?? ""}\n` +
      "Is the npm registry reachable? Behind a proxy, set HTTPS_PROXY or npm's own proxy setting, then run this again.",
  );
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
