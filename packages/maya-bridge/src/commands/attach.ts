import { Command } from "@commander-js/extra-typings";
import { ConfigError } from "@renderjuice/core";
import { isFinal } from "../job/job-state.ts";
import { listJobs } from "../job/list-jobs.ts";
import { followFolder } from "./follow-folder.ts";
import { print, runCommand } from "./run-command.ts";

export function createAttachCommand() {
  return new Command("attach")
    .description("continue jobs whose bridge was stopped, and wait for them; Maya does not need to run")
    .argument("[job...]", "ids of jobs; default: all unfinished jobs")
    .action((ids) =>
      runCommand(async () => {
        const jobs = await listJobs();
        const unknown = ids.filter((id) => !jobs.some(({ request }) => request.id === id));
        if (unknown.length > 0) throw jobUnknown(unknown);
        const open = jobs.filter(({ request, state, isFollowed }) =>
          ids.length > 0 ? ids.includes(request.id) : !isFollowed && !(state && isFinal(state)),
        );
        if (open.length === 0) print("There are no jobs to continue.");
        const ends = await Promise.all(
          open.map(({ folder, request }) =>
            followFolder(folder, ({ message }) => print(`${request.id}  ${message}`)),
          ),
        );
        return ends.every(({ phase }) => phase === "completed") ? 0 : 1;
      }),
    );
}

function jobUnknown(ids: readonly string[]): ConfigError {
  return new ConfigError({
    code: "invalid_option",
    option: "job",
    message: ids.length === 1 ? `Job ${ids[0]} does not exist.` : `Jobs ${ids.join(", ")} do not exist.`,
    hint: "renderjuice-maya status lists your jobs.",
  });
}
