import type { Command } from "@commander-js/extra-typings";
import { count } from "@renderjuice/core/adapter";
import manifest from "../../package.json" with { type: "json" };
import { describeError } from "../describe-error.ts";
import { EXIT, exitCodeOf } from "../exit-codes.ts";
import { type Inspection, type InstallOptions, inspect, install, uninstall } from "./installation.ts";
import { findPackageRoot } from "./package-root.ts";

const NEXT_STEPS = `
In the Monitor, as super user:
  1. Tools, Configure Plugins, Renderjuice: the list "Node Executable", and where the API key comes from.
     Safest is a key file on the Workers, named by RENDERJUICE_API_KEY_FILE or by the field "API Key File".
  2. Tools, Configure Events, Renderjuice: State "Global Enabled", "Dry Run" on, and when jobs go to the cloud. With no
     trigger on, only jobs go that ask for it: ExtraInfoKeyValue0=RJ_Trigger=failure. Read the log, then switch "Dry Run" off.
  3. Restart the Workers, Pulse and the Monitor, so that they load the plugin.
A checklist for a first render: https://renderjuice.github.io/pipeline/adapters/deadline#ten-minutes-on-a-test-repository
`;

export function addInstallCommand(program: Command): void {
  program
    .command("install")
    .description("copy the plugins into a Deadline repository")
    .requiredOption("--repository <path>", "the folder that holds `custom`, `events` and `plugins`")
    .option("--check", "only compare; exit code 2 if something is missing or different")
    .option("--uninstall", "remove what was installed, except files that were changed by hand")
    .action(async ({ repository, check, uninstall: isUninstall }) => {
      try {
        if (isUninstall) return await showUninstall(repository);
        const options = { packageRoot: findPackageRoot(), version: manifest.version, repository };
        await (check ? showCheck(options) : showInstall(options));
      } catch (error) {
        process.stderr.write(`${describeError(error)}\n`);
        process.exitCode = exitCodeOf(error);
      }
    });
}

async function showInstall(options: InstallOptions): Promise<void> {
  const before = await inspect(options);
  const kept = await install(options);
  const from = before.installedVersion === undefined ? "" : `, replacing ${before.installedVersion}`;
  process.stdout.write(`Installed version ${options.version} in ${options.repository}${from}.\n`);
  for (const path of kept)
    process.stdout.write(`A file had been changed by hand. The changed file is kept as ${path}.\n`);
  process.stdout.write(NEXT_STEPS);
}

async function showCheck(options: InstallOptions): Promise<void> {
  const inspection = await inspect(options);
  for (const line of describe(inspection, options.version)) process.stdout.write(`${line}\n`);
  const { missing, different } = inspection;
  if (missing.length + different.length > 0) process.exitCode = EXIT.permanent;
}

function describe(inspection: Inspection, version: string): string[] {
  const { installedVersion, missing, different, changedByHand } = inspection;
  if (installedVersion === undefined) return ["Not installed. Run it without --check to install."];
  const verdict =
    missing.length + different.length === 0 ? "as it should be" : "not complete; install it again";
  return [
    `Installed: ${installedVersion}. This package: ${version}. It is ${verdict}.`,
    ...missing.map((path) => `  missing: ${path}`),
    ...different.map(
      (path) => `  ${changedByHand.includes(path) ? "changed by hand" : "from another version"}: ${path}`,
    ),
  ];
}

async function showUninstall(repository: string): Promise<void> {
  const { removed, kept } = await uninstall(repository);
  process.stdout.write(`Removed ${count(removed.length, "file")} from ${repository}.\n`);
  for (const path of kept) process.stdout.write(`Kept, because it was changed by hand: ${path}\n`);
  process.stdout.write(
    "There is nothing left to do in the Monitor. Jobs of the Renderjuice plugin no longer run.\n",
  );
}
