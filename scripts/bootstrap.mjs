// Brings Node and pnpm in the right versions, installs dependencies and runs scripts/<task>.ts.
// Runs on whatever Node the machine has (20 or newer), hence plain JavaScript.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const toolchain = join(root, ".toolchain");
const isWindows = process.platform === "win32";

const [task, ...taskArguments] = process.argv.slice(2);
const script = join(root, "scripts", `${task}.ts`);
if (!task || !existsSync(script)) fail(`There is no task "${task}": see the scripts in package.json.`);

const nodeMajor = readFileSync(join(root, ".nvmrc"), "utf8").trim();
const [, pnpmMajor] = /pnpm@(\d+)/.exec(readFileSync(join(root, "package.json"), "utf8")) ?? [];
const folders = findToolchain() ?? installToolchain();
const env = {
  ...process.env,
  PATH: [...folders, join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter),
};

installDependencies();
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
  const hasPnpm = pnpm.status === 0 && Number.parseInt(pnpm.stdout, 10) >= Number(pnpmMajor);
  if (hasPnpm && Number.parseInt(process.versions.node, 10) >= Number(nodeMajor)) return [];
  const bin = join(toolchain, "node_modules", ".bin");
  return existsSync(join(bin, "node")) && existsSync(join(bin, "pnpm")) ? [bin] : undefined;
}

/** Outside the repository pnpm does not look at its `packageManager` field. */
function toolchainOrRoot() {
  return existsSync(toolchain) ? toolchain : root;
}

function installToolchain() {
  console.error(`Setting up: Node ${nodeMajor} and pnpm ${pnpmMajor} into .toolchain/ (this project only) …`);
  const packages = [`node@${nodeMajor}`, `pnpm@${pnpmMajor}`];
  const quietly = ["--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
  run("npm", ["install", "--prefix", toolchain, ...quietly, ...packages], process.env);
  return [join(toolchain, "node_modules", ".bin")];
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
