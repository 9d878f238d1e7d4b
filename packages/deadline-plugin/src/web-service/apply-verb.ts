import { type RetryOptions, withRetry } from "@renderjuice/core/adapter";
import type { FarmJob, JobState } from "./job-state.ts";
import { hasArrived, planVerb, type Verb } from "./verbs.ts";
import type { JobCommand, WebService } from "./web-service.ts";
import { WebServiceError } from "./web-service-error.ts";

const MAX_QUOTED_CHARACTERS = 200;

/** What happened to a job. */
export interface VerbOutcome {
  readonly jobId: string;
  readonly name: string;
  readonly verb: Verb;
  /** `changed`; `already` if it was in the wanted state; `planned` in a dry run. */
  readonly result: "changed" | "already" | "planned";
  readonly before: JobState;
  /** `gone` if Deadline deletes or archives the job as a result. */
  readonly after: JobState | "gone";
  /** What was sent, or would be. */
  readonly command?: JobCommand | undefined;
}

export interface ApplyOptions {
  readonly isDryRun?: boolean | undefined;
  readonly retry: RetryOptions;
}

interface Sent {
  readonly before: FarmJob;
  readonly command: JobCommand;
}

/**
 * Brings a job into the wanted state: reads its state, sends the command that is needed, and checks that it worked. A
 * retry reads the state again first, and does not repeat a command that worked although its answer was lost.
 *
 * @throws WebServiceError
 * @throws ConfigError if the URL is wrong
 */
export async function applyVerb(
  service: WebService,
  verb: Verb,
  jobId: string,
  { isDryRun = false, retry }: ApplyOptions,
): Promise<VerbOutcome> {
  let sent: Sent | undefined;
  return withRetry(async () => {
    const job = sent ? await lookAgain(service, jobId) : await service.getJob(jobId);
    if (job === "gone" || (sent && isFurther(verb, sent, job))) return changed(verb, sent as Sent, job);
    const plan = planVerb(verb, job);
    if (plan === "already")
      return sent ? changed(verb, sent, job) : unchanged(verb, job, { result: "already" });
    if ("refusal" in plan) throw refused(job, plan.refusal);
    const { command } = plan;
    if (isDryRun) return unchanged(verb, job, { result: "planned", command });
    sent = { before: job, command };
    const answer = await service.command(command, jobId);
    const after = await lookAgain(service, jobId);
    if (after !== "gone" && !hasArrived(verb, after.state)) throw notArrived(after, command, answer);
    return changed(verb, sent, after);
  }, retry);
}

/** After a command: jobs can be set to delete or archive themselves when they are complete. */
async function lookAgain(service: WebService, jobId: string): Promise<FarmJob | "gone"> {
  return service.getJob(jobId).catch((error) => {
    if (WebServiceError.isInstance(error) && error.code === "not_found") return "gone";
    throw error;
  });
}

/** Whether a command arrived whose answer was lost. If the state is unchanged, it is sent again. */
function isFurther(verb: Verb, { before }: Sent, job: FarmJob): boolean {
  return job.state !== before.state && hasArrived(verb, job.state);
}

function changed(verb: Verb, { before, command }: Sent, after: FarmJob | "gone"): VerbOutcome {
  const state = after === "gone" ? after : after.state;
  return { ...unchanged(verb, before, { result: "changed", command }), after: state };
}

function unchanged(
  verb: Verb,
  { id, name, state }: FarmJob,
  rest: Pick<VerbOutcome, "result" | "command">,
): VerbOutcome {
  return { jobId: id, name, verb, before: state, after: state, ...rest };
}

function refused({ id, name }: FarmJob, reason: string): WebServiceError {
  return new WebServiceError({
    code: "conflict",
    message: `${titleOf(id, name)} was not changed.`,
    hint: reason,
  });
}

/** The command had no effect. How Deadline words success is not documented, so the state decides. */
function notArrived({ id, name, state }: FarmJob, command: JobCommand, answer: string): WebServiceError {
  const quoted = answer.slice(0, MAX_QUOTED_CHARACTERS);
  return new WebServiceError({
    code: "unexpected_response",
    message: `${titleOf(id, name)} is still ${state} after "${command}". Deadline said: ${quoted}`,
    hint: "Look at the job in the Monitor: it may depend on something, or this user may not be allowed to change it.",
    isRetryable: true,
  });
}

/** Such as `66a0c1f2e4b0d5a1c2d3e4f5 comp_sh010`. */
export function titleOf(jobId: string, name: string): string {
  return name === "" ? jobId : `${jobId} ${name}`;
}
