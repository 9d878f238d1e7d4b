import { type Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { count, DEFAULT_RETRY_POLICY, type RetryOptions } from "@renderjuice/core/adapter";
import { systemRuntime } from "@renderjuice/core/adapter/node";
import pLimit from "p-limit";
import { EXIT, exitCodeOf } from "../exit-codes.ts";
import { applyVerb } from "./apply-verb.ts";
import { createFarmOutput, type FarmOutput } from "./farm-output.ts";
import { VERBS, type Verb } from "./verbs.ts";
import { createWebService } from "./web-service.ts";
import {
  passwordFileOption,
  readWebServiceOptions,
  timeoutOption,
  urlOption,
  userOption,
} from "./web-service-options.ts";

/** One Web Service works for the whole farm. */
const CONCURRENCY = 4;
const DEFAULT_RETRIES = 4;

const DESCRIPTIONS: Readonly<Record<Verb, string>> = {
  release: "release pending or suspended jobs",
  suspend: "suspend jobs",
  complete: "mark jobs as complete",
  fail: "mark jobs as failed",
  requeue: "render all tasks again",
};

const HELP = `
A job that is already in the wanted state is reported as such; that is not an error.

Exit codes: 0 done; 2 wrong usage, credentials or job, so retrying does not help; 75 temporary, so try again later.

Example:
  renderjuice-deadline farm-release 66a0c1f2e4b0d5a1c2d3e4f5 --url http://deadline:8082 --dry-run`;

/** Adds `farm-release`, `farm-suspend`, `farm-complete`, `farm-fail` and `farm-requeue`. */
export function addFarmCommands(program: Command): void {
  for (const verb of VERBS) addFarmCommand(program, verb);
}

function addFarmCommand(program: Command, verb: Verb): void {
  program
    .command(`farm-${verb}`)
    .description(DESCRIPTIONS[verb])
    .argument("<job-ids...>", "ids of Deadline jobs", collectJobId)
    .addOption(urlOption())
    .addOption(userOption())
    .addOption(passwordFileOption())
    .addOption(timeoutOption())
    .addOption(retriesOption())
    .option("--dry-run", "show what would be done, and change nothing")
    .option("--json", "print one JSON object per job on stdout")
    .addHelpText("after", HELP)
    .action(async (jobIds, { retries, dryRun = false, json = false, ...given }) => {
      const output = createFarmOutput(json);
      const retry = { ...retryOptions(retries), onRetry: output.retry };
      try {
        await using service = createWebService(await readWebServiceOptions(given));
        const apply = (jobId: string) => applyVerb(service, verb, jobId, { isDryRun: dryRun, retry });
        process.exitCode = await applyToEach(jobIds, apply, output);
      } catch (error) {
        output.error(error);
        process.exitCode = exitCodeOf(error);
      }
    });
}

/** One job's failure does not affect the others. @returns the exit code */
async function applyToEach(
  jobIds: readonly string[],
  apply: (jobId: string) => ReturnType<typeof applyVerb>,
  output: FarmOutput,
): Promise<number> {
  const limit = pLimit(CONCURRENCY);
  const exitCodes = await limit.map(jobIds, async (jobId) => {
    try {
      output.outcome(await apply(jobId));
      return EXIT.ok;
    } catch (error) {
      output.error(error, jobId);
      return exitCodeOf(error);
    }
  });
  const failed = exitCodes.filter((exitCode) => exitCode !== EXIT.ok);
  if (failed.length > 0 && jobIds.length > 1)
    output.note(`${count(failed.length, "job")} of ${jobIds.length} could not be changed.`);
  // Permanent errors come first.
  return failed.includes(EXIT.permanent) ? EXIT.permanent : (failed[0] ?? EXIT.ok);
}

function retryOptions(retries: number): RetryOptions {
  return { policy: { ...DEFAULT_RETRY_POLICY, maxAttempts: retries + 1 }, runtime: systemRuntime };
}

function retriesOption() {
  return new Option("--retries <number>", "how often to retry if the Web Service fails or does not respond")
    .argParser(parseRetries)
    .default(DEFAULT_RETRIES);
}

function parseRetries(text: string): number {
  const retries = Number(text);
  if (Number.isInteger(retries) && retries >= 0) return retries;
  throw new InvalidArgumentError("Write a whole number, such as 4.");
}

function collectJobId(text: string, previous: readonly string[] = []): readonly string[] {
  if (!/^[\w-]+$/.test(text))
    throw new InvalidArgumentError("An id consists of letters and digits. Separate ids with spaces.");
  return previous.includes(text) ? previous : [...previous, text];
}
