import { describeError, type RenderjuiceError } from "@renderjuice/core";
import { jsonLine, terminalLine } from "@renderjuice/core/adapter";
import { exitCodeOf } from "../exit-codes.ts";
import { titleOf, type VerbOutcome } from "./apply-verb.ts";

/** The output of the farm commands: results on stdout, one line per job; everything else on stderr. */
export interface FarmOutput {
  outcome(outcome: VerbOutcome): void;
  error(error: unknown, jobId?: string): void;
  retry(retry: { readonly error: RenderjuiceError; readonly delayMs: number }): void;
  note(message: string): void;
}

export function createFarmOutput(isJson: boolean): FarmOutput {
  const note = (message: string) => void process.stderr.write(`${terminalLine(message)}\n`);
  const writeJson = (value: object) => void process.stdout.write(`${jsonLine(value)}\n`);
  return {
    outcome: (outcome) =>
      isJson
        ? writeJson({ type: "result", ...outcome })
        : void process.stdout.write(`${terminalLine(describeOutcome(outcome))}\n`),
    error: (error, jobId) =>
      isJson
        ? writeJson({ type: "error", ...describeError(error).details, jobId, exitCode: exitCodeOf(error) })
        : note(`✖ ${jobId === undefined ? "" : `${jobId}: `}${describeError(error).text}`),
    retry: ({ error, delayMs }) =>
      note(`${error.message} Trying again${delayMs >= 1000 ? ` in ${Math.round(delayMs / 1000)} s` : ""}.`),
    note,
  };
}

/** Such as `66a0… comp_sh010: pending → active`. */
export function describeOutcome({ jobId, name, verb, result, before, after, command }: VerbOutcome): string {
  const title = titleOf(jobId, name);
  if (result === "already") return `${title}: ${before} already, nothing to ${verb}`;
  if (result === "planned") return `${title}: ${before}; would send "${command}"`;
  return `${title}: ${before} → ${after}`;
}
