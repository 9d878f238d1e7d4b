import { describeError, type WebhookEvent } from "@renderjuice/core";
import { createWebhookReceiver, type NodeClient } from "@renderjuice/core/node";
import { createWebService, type WebService, type WebServiceOptions } from "../web-service/web-service.ts";
import { EventWorker } from "./event-worker.ts";
import { Inbox } from "./inbox.ts";
import { needsNotes, type Rule } from "./rule.ts";
import type { ServeLog } from "./serve-log.ts";
import { watchJobs } from "./watch-jobs.ts";

/** An id that no job has, to check whether the Web Service answers. */
const NO_JOB = "000000000000000000000000";

export interface ServeOptions {
  readonly rules: readonly Rule[];
  readonly webService: WebServiceOptions;
  /** Without it, no webhooks are received. */
  readonly webhooks: { readonly secrets: readonly string[]; readonly host: string; readonly port: number };
  /** Without it, there is no polling. */
  readonly pollMs: number | undefined;
  /** Where events are kept. */
  readonly stateFolder: string;
  /** Called only when it is needed. @throws ConfigError without a key */
  readonly connect: () => NodeClient;
  readonly log: ServeLog;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Carries out the rules until the signal. @throws ConfigError if it cannot start */
export async function serve(options: ServeOptions): Promise<void> {
  const { rules, webhooks, pollMs, stateFolder, log } = options;
  await using client = pollMs !== undefined || rules.some(needsNotes) ? options.connect() : undefined;
  await using inbox = await Inbox.open(stateFolder);
  const signal = AbortSignal.any([options.signal, inbox.lost]);
  await using service = createWebService({ ...options.webService, signal });
  const worker = new EventWorker({ rules, inbox, service, client, log, signal });
  await using receiver = webhooks.secrets.length > 0 ? await receive(webhooks, worker, log) : undefined;
  await checkWebService(service, log, signal);
  await worker.resume();
  const take = (event: WebhookEvent) => worker.take(event, "found by polling");
  const watching =
    client &&
    pollMs !== undefined &&
    watchJobs({ client, everyMs: pollMs, folder: stateFolder, take, log, signal });
  await aborted(signal);
  await receiver?.close();
  await watching;
  await worker.settled();
  inbox.lost.throwIfAborted();
  log("stopped", "Stopped. Events that are not done are taken up at the next start.");
}

async function receive(
  { secrets, host, port }: ServeOptions["webhooks"],
  worker: EventWorker,
  log: ServeLog,
) {
  const receiver = await createWebhookReceiver({
    secret: secrets,
    host,
    port,
    onEvent: (event) => worker.take(event, "by webhook"),
    onRefused: ({ status, code, message, hint }) =>
      log("refused", `Refused (${status}): ${message} ${hint ?? ""}`.trimEnd(), { status, code }),
  });
  log("listening", `Receiving webhooks at ${receiver.url}`, { url: receiver.url });
  return receiver;
}

/** Reported at the start rather than at night. Not a reason to stop: events are kept until it works. */
async function checkWebService(service: WebService, log: ServeLog, signal: AbortSignal): Promise<void> {
  try {
    await service.getJob(NO_JOB);
  } catch (error) {
    const { code, text, details } = describeError(error);
    if (signal.aborted || code === "not_found") return;
    log("warning", `Events are kept until this is fixed: ${text}`, { error: details });
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
