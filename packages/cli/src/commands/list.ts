import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import type { Job } from "@renderjuice/core";
import { runCommand } from "../command-context.ts";
import { EXIT } from "../exit-codes.ts";
import { table } from "../output/table.ts";

export function createListCommand() {
  return new Command("list")
    .description("list the jobs of the workspace")
    .option("--status <status>", "only jobs with this status, such as rendering")
    .option("--limit <count>", "at most so many", parseCount, 20)
    .addHelpText("after", "\nExample:\n  renderjuice list --status failed --limit 100")
    .action(async ({ status, limit }, command) => {
      process.exitCode = await runCommand(command, async ({ output, connect }) => {
        const client = await connect();
        const jobs: Job[] = [];
        const query = { pageSize: Math.min(limit, 100), ...(status !== undefined && { status }) };
        for await (const job of client.jobs.listAll(query)) {
          // The filter's name is not documented: a server that does not know it lists everything.
          if (status === undefined || job.status === status) jobs.push(job);
          if (jobs.length >= limit) break;
        }
        const rows = jobs.map((job) => [job.id, job.status, job.createdAt ?? "", sceneName(job)]);
        output.result(
          jobs.length > 0 ? table([["JOB", "STATUS", "CREATED", "SCENE"], ...rows]) : "There are no jobs.",
          { jobs },
        );
        return EXIT.ok;
      });
    });
}

/** The member's shape is not documented; a name is shown where there is one. */
function sceneName({ sceneFile }: Job): string {
  const name =
    typeof sceneFile === "object" && sceneFile !== null && "fileName" in sceneFile && sceneFile.fileName;
  return typeof name === "string" ? name : "";
}

function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new InvalidArgumentError("Write a whole number above 0.");
}
