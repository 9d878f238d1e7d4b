#!/usr/bin/env node
import { Command } from "@commander-js/extra-typings";
import manifest from "../package.json" with { type: "json" };
import { addCancelCommand } from "./cancel/cancel-command.ts";
import { addCloudHookCommand } from "./cloud/hook-command.ts";
import { EXIT } from "./exit-codes.ts";
import { addInstallCommand } from "./install/install-command.ts";
import { addRunCommand } from "./run/run-command.ts";
import { addServeCommand } from "./serve/serve-command.ts";
import { addFarmCommands } from "./web-service/farm-commands.ts";

const program = new Command("renderjuice-deadline")
  .description("Renderjuice for Deadline 10: cloud renders as ordinary farm jobs.")
  .version(manifest.version)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? EXIT.ok : EXIT.permanent))
  .showHelpAfterError();
addRunCommand(program);
addCancelCommand(program);
addInstallCommand(program);
addCloudHookCommand(program);
addFarmCommands(program);
addServeCommand(program);
program.parseAsync();
