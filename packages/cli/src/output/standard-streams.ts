import { EXIT } from "../exit-codes.ts";

/** Jobs that this run has created or follows. They matter more than what is printed about them. */
const jobIds = new Set<string>();
let lostOutput: NodeJS.ErrnoException | undefined;

/**
 * Keeps the run going when its output cannot be written: a job that was started is still followed to its end, and its exit
 * code is kept. A reader that has seen enough, such as head, is not a failure.
 */
export function outliveBrokenStreams(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") lostOutput ??= error;
  });
  // There is nowhere left to report it.
  process.stderr.on("error", () => undefined);
}

/** If the output is lost, the message about that names this job. */
export function rememberJob(jobId: string): void {
  jobIds.add(jobId);
}

/** Reports once that output was lost. @returns the exit code: that of the work, unless the only work was printing */
export function reportLostOutput(exitCode: number): number {
  if (!lostOutput) return exitCode;
  const about = [...jobIds].map((jobId) => `\n  Status: renderjuice status ${jobId}`).join("");
  process.stderr.write(`✖ Standard output could not be written (${lostOutput.code}).${about}\n`);
  return exitCode === EXIT.ok && jobIds.size === 0 ? EXIT.usage : exitCode;
}
