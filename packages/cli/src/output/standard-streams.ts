import { EXIT } from "../exit-codes.ts";

/** What this run has begun or looks after: it is worth more than what is printed of it. */
const jobIds = new Set<string>();
let lostOutput: NodeJS.ErrnoException | undefined;

/**
 * Lets no output that cannot be written end the run: a job that was begun is brought to its end, with its own exit code. A
 * reader such as head that has seen enough is no failure.
 */
export function outliveBrokenStreams(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") lostOutput ??= error;
  });
  // There is nowhere left to say it.
  process.stderr.on("error", () => undefined);
}

/** Names the job when its output is lost. */
export function rememberJob(jobId: string): void {
  jobIds.add(jobId);
}

/** Says once what could not be printed. @returns the exit code, which is that of the work if there was any but printing */
export function reportLostOutput(exitCode: number): number {
  if (!lostOutput) return exitCode;
  const about = [...jobIds].map((jobId) => `\n  Look:   renderjuice status ${jobId}`).join("");
  process.stderr.write(`✖ Standard output could not be written (${lostOutput.code}).${about}\n`);
  return exitCode === EXIT.ok && jobIds.size === 0 ? EXIT.usage : exitCode;
}
