import { type RetryOptions, withRetry } from "@renderjuice/core/adapter";
import type { FarmJob, JobState } from "./job-state.ts";
import { hasArrived, planVerb, type Verb } from "./verbs.ts";
import type { JobCommand, WebService } from "./web-service.ts";
import { WebServiceError } from "./web-service-error.ts";

const MAX_QUOTED_CHARACTERS = 200;

/** What became of a job. */
export interface VerbOutcome {
  readonly jobId: string;
  readonly name: string;
  readonly verb: Verb;
  /** `changed`; it was so `already`; `planned` in a dry run. */
  readonly result: "changed" | "already" | "planned";
  readonly before: JobState;
  /** `gone` when Deadline deletes or archives the job because of it. */
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
 * Brings a job into the wanted state: reads where it is, sends the command that leads on, and looks whether it helped.
 * A retry reads anew first, and sends nothing again that has worked although its answer was lost.
 *
 * @throws WebServiceError
 * @throws ConfigError when the URL is wrong
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

/** After a command: jobs may be set to delete or archive themselves when they are complete. */
async function lookAgain(service: WebService, jobId: string): Promise<FarmJob | "gone"> {
  return service.getJob(jobId).catch((error) => {
    if (WebServiceError.isInstance(error) && error.code === "not_found") return "gone";
    throw error;
  });
}

/** Whether a command arrived whose answer was lost. The same state proves nothing: it is then sent again. */
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
    message: `Not done to ${titleOf(id, name)}.`,
    hint: reason,
  });
}

/** A yes without effect. How Deadline words a yes is not documented, so the state decides. */
function notArrived({ id, name, state }: FarmJob, command: JobCommand, answer: string): WebServiceError {
  const quoted = answer.slice(0, MAX_QUOTED_CHARACTERS);
  return new WebServiceError({
    code: "unexpected_response",
    message: `${titleOf(id, name)} is ${state}, also after "${command}". Deadline said: ${quoted}`,
    hint: "Does it depend on something, or may this user not change it? Look at the job in the Monitor.",
    isRetryable: true,
  });
}

/** Such as `66a0c1f2e4b0d5a1c2d3e4f5 comp_sh010`. */
export function titleOf(jobId: string, name: string): string {
  return name === "" ? jobId : `${jobId} ${name}`;
}
