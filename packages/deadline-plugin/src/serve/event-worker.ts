import { describeError, type WebhookEvent } from "@renderjuice/core";
import { count, type RetryOptions, type RetryPolicy, readTags, withRetry } from "@renderjuice/core/adapter";
import { systemRuntime } from "@renderjuice/core/adapter/node";
import type { NodeClient } from "@renderjuice/core/node";
import { applyVerb } from "../web-service/apply-verb.ts";
import { describeOutcome } from "../web-service/farm-output.ts";
import type { WebService } from "../web-service/web-service.ts";
import type { Entry, Inbox } from "./inbox.ts";
import { type Action, planActions, rulesFor } from "./plan-actions.ts";
import type { Rule } from "./rule.ts";
import type { ServeLog } from "./serve-log.ts";

/** Deadline may be down for a night. */
const RETRY_POLICY: RetryPolicy = {
  maxAttempts: Number.POSITIVE_INFINITY,
  initialDelayMs: 1000,
  maxDelayMs: 60_000,
  jitter: 1,
  maxRetryAfterMs: Number.POSITIVE_INFINITY,
  maxRateLimitWaitMs: Number.POSITIVE_INFINITY,
};

export interface WorkerOptions {
  readonly rules: readonly Rule[];
  readonly inbox: Inbox;
  readonly service: WebService;
  /** Only needed for rules that depend on the notes of renders. */
  readonly client: NodeClient | undefined;
  readonly log: ServeLog;
  /** Stops the work; what is not done stays in the inbox. */
  readonly signal: AbortSignal;
}

/** Carries out the rules for each event, however long that takes, and records each step. */
export class EventWorker {
  readonly #options: WorkerOptions;
  readonly #underWay = new Set<Promise<void>>();

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  /** Returns when the event is safe on disk; the work continues in the background. */
  async take(event: WebhookEvent, source: string): Promise<void> {
    const { rules, inbox, log } = this.#options;
    const fields = { event: event.event, jobId: event.jobId };
    const what = `${event.event} of ${event.jobId}`;
    if (rulesFor(rules, event).length === 0) return log("ignored", `${what}: no rule`, fields);
    const entry = await inbox.add(event, Date.now());
    if (!entry) return log("repeated", `${what}: already received`, fields);
    log("received", `${what}, ${source}`, fields);
    this.#start(entry);
  }

  /** Continues what an earlier process has left. */
  async resume(): Promise<void> {
    const entries = await this.#options.inbox.pending();
    if (entries.length > 0) this.#options.log("resumed", `Continuing with ${count(entries.length, "event")}`);
    for (const entry of entries) this.#start(entry);
  }

  /** Resolves when no work is left. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  #start(entry: Entry): void {
    const work = this.#work(entry).catch((error) => {
      if (this.#options.signal.aborted) return;
      const { text, details } = describeError(error);
      const message = `Work on ${entry.file} stopped, and continues at the next start. ${text}`;
      this.#options.log("error", message, { error: details });
    });
    this.#underWay.add(work);
    work.finally(() => this.#underWay.delete(work));
  }

  async #work(entry: Entry): Promise<void> {
    const { inbox, log } = this.#options;
    const fields = { event: entry.event.event, jobId: entry.event.jobId };
    try {
      entry.actions ??= await this.#plan(entry);
      await inbox.save(entry);
      if (entry.actions.length === 0)
        log("ignored", `${entry.event.jobId}: no rule matches its notes`, fields);
      for (const action of entry.actions) if (action.done === undefined) await this.#act(entry, action);
    } catch (error) {
      if (this.#options.signal.aborted || !isFinal(error)) throw error;
      const { text, details } = describeError(error);
      entry.problem = text;
      log("failed", `${entry.event.jobId}: ${text}`, { ...fields, error: details });
    }
    const folder = await inbox.finish(entry);
    if (folder === "failed")
      log("kept", `${entry.file} is in "failed": to try again, move it to "pending" and restart`, fields);
  }

  #plan({ event }: Entry): Promise<Action[]> {
    const { client, rules, signal } = this.#options;
    const readNotes = async () => (client ? readTags(await client.jobs.get(event.jobId, { signal })) : []);
    return withRetry(
      () => planActions(rulesFor(rules, event), readNotes),
      this.#retry(`Could not read the notes of ${event.jobId}`),
    );
  }

  async #act(entry: Entry, action: NonNullable<Entry["actions"]>[number]): Promise<void> {
    const { service, inbox, log } = this.#options;
    const { verb, deadlineJob } = action;
    const fields = { jobId: entry.event.jobId, verb, deadlineJob };
    try {
      const retry = this.#retry(`${verb} ${deadlineJob} failed`);
      const outcome = await applyVerb(service, verb, deadlineJob, { retry });
      action.done = describeOutcome(outcome);
      log("action", `${verb} ${action.done}`, { ...fields, outcome });
    } catch (error) {
      if (this.#options.signal.aborted || !isFinal(error)) throw error;
      const { text, details } = describeError(error);
      action.problem = text;
      log("failed", `${verb} ${deadlineJob}: ${text}`, { ...fields, error: details });
    }
    await inbox.save(entry);
  }

  #retry(what: string): RetryOptions {
    return {
      policy: RETRY_POLICY,
      runtime: systemRuntime,
      signal: this.#options.signal,
      isRetryable: (error) => !isFinal(error),
      onRetry: ({ error, delayMs }) => {
        const { text, details } = describeError(error);
        const message = `${what}, trying again in ${Math.ceil(delayMs / 1000)} s. ${text}`;
        this.#options.log("retry", message, { delayMs, error: details });
      },
    };
  }
}

/** The job does not exist, or its state forbids it. Anything else may still be fixed, even a wrong password. */
function isFinal(error: unknown): boolean {
  return ["not_found", "conflict", "invalid_request"].includes(describeError(error).code);
}
