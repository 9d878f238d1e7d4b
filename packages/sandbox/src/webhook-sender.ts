import { createHmac } from "node:crypto";
import type { Clock } from "./clock.ts";
import type { FaultSet } from "./faults/fault-set.ts";
import type { JobRecord } from "./job-record.ts";
import type { Logger } from "./logger.ts";
import type { Store } from "./store.ts";

/** From the documentation: a receiver that takes longer has failed. */
const TIMEOUT_MS = 7000;
/** The documentation says "a limited number of times"; the number and the intervals are the sandbox's choice. */
const RETRY_DELAYS_MS = [1000, 5000, 25_000, 125_000];

/** Where webhooks go. */
export interface WebhookTarget {
  readonly url: string;
  readonly secret: string;
  /** The documentation announces `onRenderFail` but says that it is not sent yet. @default false */
  readonly sendFailures?: boolean | undefined;
}

export interface WebhookSenderOptions {
  readonly target: WebhookTarget;
  readonly store: Store;
  readonly clock: Clock;
  readonly faults: FaultSet;
  readonly logger: Logger;
  readonly frameUrls: (job: JobRecord) => string[];
}

/** Notifies a receiver of finished jobs, and records the outcome. */
export class WebhookSender {
  readonly #options: WebhookSenderOptions;
  readonly #closing = new AbortController();
  readonly #underWay = new Set<Promise<void>>();
  readonly #heldBack: JobRecord[] = [];

  constructor(options: WebhookSenderOptions) {
    this.#options = options;
  }

  announce(job: JobRecord): void {
    const { faults, target } = this.#options;
    const isSent = job.status === "completed" || (job.status === "failed" && target.sendFailures === true);
    if (!isSent) return;
    if (faults.take("webhook-reordered") !== undefined) {
      this.#heldBack.push(job);
      return;
    }
    const copies = faults.take("webhook-duplicate") === undefined ? [job] : [job, job];
    const delivery = this.#deliverInTurn(copies, this.#heldBack.splice(0))
      .catch(() => undefined)
      .finally(() => this.#underWay.delete(delivery));
    this.#underWay.add(delivery);
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error("The sandbox is closing."));
    await Promise.allSettled(this.#underWay);
  }

  async #deliverInTurn(...lots: JobRecord[][]): Promise<void> {
    for (const lot of lots) await Promise.all(lot.map((job) => this.#deliver(job)));
  }

  async #deliver(job: JobRecord): Promise<void> {
    const { clock, faults } = this.#options;
    const { signal } = this.#closing;
    const late = faults.take("webhook-late");
    if (late !== undefined) await clock.sleep(Number(late || 2000), signal);
    const body = JSON.stringify(this.#payload(job));
    for (const [index, delayMs] of [...RETRY_DELAYS_MS, undefined].entries()) {
      if (await this.#attempt(job, body, index + 1)) return;
      if (delayMs !== undefined) await clock.sleep(delayMs, signal);
    }
  }

  async #attempt(job: JobRecord, body: string, attempt: number): Promise<boolean> {
    const { target, clock, store, logger } = this.#options;
    const outcome = await this.#postInTime(body).catch((error) => describe(error));
    const event = eventOf(job);
    store.addDelivery({ jobId: job.id, event, attempt, atMs: clock.now(), outcome });
    logger.info({ jobId: job.id, event, attempt, outcome, host: new URL(target.url).host }, "webhook");
    return /^2\d\d$/.test(outcome);
  }

  async #postInTime(body: string): Promise<string> {
    const tooLate = new AbortController();
    const answered = new AbortController();
    this.#options.clock.sleep(TIMEOUT_MS, answered.signal).then(
      () => tooLate.abort(new Error(`no response within ${TIMEOUT_MS / 1000} s`)),
      () => undefined,
    );
    try {
      return await this.#post(body, tooLate.signal);
    } finally {
      answered.abort();
    }
  }

  async #post(body: string, tooLate: AbortSignal): Promise<string> {
    const { target, clock, faults } = this.#options;
    const timestamp = String(Math.floor(clock.now() / 1000));
    const secret = faults.take("webhook-mis-signed") === undefined ? target.secret : "another secret";
    const response = await fetch(target.url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-renderjuice-signature": createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex"),
        "x-renderjuice-timestamp": timestamp,
      },
      body,
      redirect: "manual",
      signal: AbortSignal.any([this.#closing.signal, tooLate]),
    });
    await response.body?.cancel();
    return String(response.status);
  }

  #payload(job: JobRecord) {
    const frames = this.#options.frameUrls(job);
    return {
      event: eventOf(job),
      status: job.status,
      jobId: job.id,
      workspaceId: job.workspaceId,
      completedAt: new Date(job.updatedMs).toISOString(),
      ...(frames.length > 0 && { outputs: { frames } }),
    };
  }
}

function eventOf(job: JobRecord): string {
  return job.status === "completed" ? "onRenderComplete" : "onRenderFail";
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
