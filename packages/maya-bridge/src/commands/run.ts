import { resolve } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { jsonLine } from "@renderjuice/core/adapter";
import { followFolder } from "./follow-folder.ts";
import { print, runCommand } from "./run-command.ts";

export function createRunCommand() {
  return new Command("run")
    .description("run the job in a folder (started by Maya)")
    .argument("<folder>", "the job's folder")
    .action((folder) =>
      runCommand(async () => {
        const { phase } = await followFolder(resolve(folder), (state) => print(jsonLine(state)));
        return phase === "completed" ? 0 : 1;
      }),
    );
}
