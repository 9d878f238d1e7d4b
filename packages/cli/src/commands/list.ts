import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import type { Job } from "@renderjuice/core";
import { JOB_STATUSES, nearest, sceneName } from "@renderjuice/core/adapter";
import { runCommand } from "../command-context.ts";
import { EXIT } from "../exit-codes.ts";
import { table } from "../output/table.ts";

export function createListCommand() {
  return new Command("list")
    .description("list the jobs of the workspace")
    .option("--status <status>", "only jobs with this status, such as rendering, completed or failed")
    .option("--limit <count>", "list at most this many", parseCount, 20)
    .addHelpText("after", "\nExample:\n  renderjuice list --status failed --limit 100")
    .action(async ({ status, limit }, command) => {
      process.exitCode = await runCommand(command, async ({ output, connect }) => {
        const client = connect();
        const jobs: Job[] = [];
        const query = { pageSize: Math.min(limit, 100), status };
        for await (const job of client.jobs.list(query)) {
          jobs.push(job);
          if (jobs.length >= limit) break;
        }
        const rows = jobs.map((job) => [job.id, job.status, job.createdAt ?? "", sceneName(job) ?? ""]);
        output.result(
          jobs.length > 0 ? table([["JOB", "STATUS", "CREATED", "SCENE"], ...rows]) : describeNone(status),
          { jobs },
        );
        return EXIT.ok;
      });
    });
}

/** What else people call a status. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  ...{ finished: "completed", done: "completed", complete: "completed", succeeded: "completed" },
  ...{ running: "rendering", error: "failed", stopped: "canceled" },
};

/** An unknown status may be new. If no job has it, it is more likely a typo. */
export function describeNone(status: string | undefined): string {
  if (status === undefined) return "There are no jobs.";
  const none = `There are no jobs with status "${status}".`;
  const known: readonly string[] = JOB_STATUSES;
  if (known.includes(status)) return none;
  const likely = nearest(status, [...known, ...Object.keys(OTHER_NAMES)]);
  const hint = likely === undefined ? "" : ` Did you mean ${OTHER_NAMES[likely] ?? likely}?`;
  return `${none}${hint} Statuses: ${known.join(", ")}.`;
}

function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new InvalidArgumentError("Use a whole number of at least 1.");
}
