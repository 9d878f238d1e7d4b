import { Command } from "@commander-js/extra-typings";
import { isFinalStatus, type Job } from "@renderjuice/core";
import { bar, type JobProgress, terminalLine } from "@renderjuice/core/adapter";
import type { NodeClient } from "@renderjuice/core/node";
import { createLogUpdate } from "log-update";
import { type CommandContext, runCommand } from "../command-context.ts";
import { EXIT } from "../exit-codes.ts";
import { listenForInterrupt } from "../interrupt.ts";
import { Heartbeats } from "../output/heartbeats.ts";
import { table } from "../output/table.ts";

interface Row {
  job: Job;
  progress?: JobProgress | undefined;
}

export function createWatchCommand() {
  return new Command("watch")
    .description("show the progress of jobs until all of them have ended")
    .argument("[job...]", "ids of jobs; by default all that are running")
    .addHelpText("after", "\nExample:\n  renderjuice watch")
    .action(async (jobIds, _options, command) => {
      process.exitCode = await runCommand(command, (context) => watch(context, jobIds));
    });
}

async function watch(context: CommandContext, jobIds: readonly string[]): Promise<number> {
  const board = new Board(context);
  const client = context.connect((line) => board.note(line));
  const ids = jobIds.length > 0 ? jobIds : await findActive(client);
  if (ids.length === 0) {
    context.output.result("No jobs are running.", { jobs: [] });
    return EXIT.ok;
  }
  const stop = new AbortController();
  const interrupt = listenForInterrupt();
  // Nobody is watching anymore.
  const unread = new Promise<"unread">((resolve) => process.stdout.once("error", () => resolve("unread")));
  const waits = ids.map((jobId) =>
    client.jobs.waitFor(jobId, {
      until: "finished",
      signal: stop.signal,
      throwOnFailure: false,
      onUpdate: (job) => board.update(job),
      onProgress: (progress) => board.update(undefined, { ...progress, jobId }),
    }),
  );
  const outcome = await Promise.race([Promise.all(waits), interrupt.received, unread]).finally(
    interrupt.stop,
  );
  board.close();
  if (typeof outcome !== "string") return EXIT.ok;
  stop.abort();
  await Promise.allSettled(waits);
  return outcome === "unread" ? EXIT.ok : EXIT.interrupted;
}

async function findActive(client: NodeClient): Promise<string[]> {
  const ids: string[] = [];
  for await (const job of client.jobs.list()) {
    if (!isFinalStatus(job.status) && job.status !== "created" && job.status !== "validated")
      ids.push(job.id);
  }
  return ids;
}

/** A table that is redrawn on a terminal; elsewhere a line per change, and heartbeats. */
class Board {
  readonly #output: CommandContext["output"];
  readonly #live = createLogUpdate(process.stdout);
  readonly #isLive: boolean;
  readonly #rows = new Map<string, Row>();
  readonly #heartbeats: Heartbeats | undefined;

  constructor({ output }: CommandContext) {
    this.#output = output;
    this.#isLive = process.stdout.isTTY === true && !output.isJson;
    if (!this.#isLive && !output.isJson) this.#heartbeats = new Heartbeats((line) => output.note(line));
  }

  /** Prints a line above the table. */
  note(line: string): void {
    if (this.#isLive) this.#live.clear();
    this.#output.note(line);
    this.#draw();
  }

  update(job?: Job, progress?: JobProgress): void {
    const id = job?.id ?? progress?.jobId ?? "";
    const before = this.#rows.get(id);
    const current = job ?? before?.job;
    if (!current) return;
    const counters = progress ?? before?.progress;
    this.#rows.set(id, { job: current, progress: counters });
    this.#draw();
    if (before?.job.status !== current.status) this.#changeStatus(current);
    if (progress) this.#heartbeats?.add(id, { type: "render-progressed", ...progress, jobId: id });
  }

  close(): void {
    this.#heartbeats?.stop();
    if (this.#isLive) this.#live.done();
  }

  #draw(): void {
    if (this.#isLive && this.#rows.size > 0) this.#live(table([...this.#rows.values()].map(cells)));
  }

  #changeStatus({ id: jobId, status }: Job): void {
    if (isFinalStatus(status)) this.#heartbeats?.remove(jobId);
    else this.#heartbeats?.add(jobId, { type: "job-attached", jobId, status });
    if (this.#output.isJson) this.#output.event({ type: "status-changed", jobId, status });
    else if (!this.#isLive) process.stdout.write(`${terminalLine(`${jobId}  ${status}`)}\n`);
  }
}

function cells({ job, progress }: Row): string[] {
  const { completedFrames, totalFrames } = progress ?? {};
  const hasCounters = job.status === "rendering" && completedFrames !== undefined && totalFrames;
  return [
    job.id,
    job.status,
    hasCounters ? `${bar(completedFrames / totalFrames)} ${completedFrames} of ${totalFrames}` : "",
  ];
}
