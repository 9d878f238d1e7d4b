import { basename } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { jsonLine } from "@renderjuice/core/adapter";
import { isFinal } from "../job/job-state.ts";
import { type ListedJob, listJobs } from "../job/list-jobs.ts";
import { print, runCommand } from "./run-command.ts";

export function createStatusCommand() {
  return new Command("status")
    .description("show the jobs that were submitted from Maya; Maya does not need to run")
    .option("--json", "print one JSON object per line for each job")
    .action(({ json }) =>
      runCommand(async () => {
        const jobs = await listJobs();
        if (jobs.length === 0 && !json) print("Nothing was submitted yet.");
        for (const job of jobs) print(json ? jsonLine(toRecord(job)) : describe(job));
        return 0;
      }),
    );
}

function toRecord({ request, state, isFollowed }: ListedJob) {
  const { id, createdAt, blend, facts } = request;
  return { id, createdAt, scene: facts.scene, blend, isFollowed, phase: "starting", ...state };
}

function describe({ request, state, isFollowed }: ListedJob): string {
  const isStopped = !isFollowed && !(state && isFinal(state));
  const phase = isStopped ? "stopped" : (state?.phase ?? "starting");
  const advice = isStopped ? " Run renderjuice-maya attach to continue." : "";
  const scene = basename(request.facts.scene);
  return `${request.id}  ${phase.padEnd(11)} ${scene}\n  ${state?.message ?? ""}${advice}`;
}
