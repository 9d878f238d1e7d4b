import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describeError, type Job, type WebhookEvent } from "@renderjuice/core";
import { type JobChangesState, readJobChanges } from "@renderjuice/core/adapter";
import { replaceFile, systemRuntime } from "@renderjuice/core/adapter/node";
import type { NodeClient } from "@renderjuice/core/node";
import type { ServeLog } from "./serve-log.ts";

const EVENT_OF_STATUS: Readonly<Record<string, WebhookEvent["event"]>> = {
  completed: "onRenderComplete",
  failed: "onRenderFail",
};

export interface WatchOptions {
  readonly client: NodeClient;
  readonly everyMs: number;
  /** Where it keeps what it has seen, so that nothing is missed between two runs. */
  readonly folder: string;
  readonly take: (event: WebhookEvent) => Promise<void>;
  readonly log: ServeLog;
  readonly signal: AbortSignal;
}

/**
 * Polls for finished renders, and treats each as if a webhook had arrived: failures are not sent as webhooks today, and
 * a farm behind a firewall gets none at all. Runs until the signal.
 */
export async function watchJobs({ client, everyMs, folder, take, log, signal }: WatchOptions): Promise<void> {
  const file = join(folder, "seen.json");
  let seen = await readSeen(file);
  while (!signal.aborted) {
    try {
      const { changes, state } = await readJobChanges(client, seen, { signal });
      for (const { job } of changes) {
        const event = toEvent(job);
        if (event) await take(event);
      }
      // Only now, so that a render that could not be taken is found again.
      await replaceFile(file, JSON.stringify(state));
      seen = state;
    } catch (error) {
      if (signal.aborted) return;
      const { text, details } = describeError(error);
      log("retry", `Could not poll for renders. ${text}`, { error: details });
    }
    await systemRuntime.sleep(everyMs, signal).catch(() => undefined);
  }
}

function toEvent({ id, status, workspaceId }: Job): WebhookEvent | undefined {
  const event = EVENT_OF_STATUS[status];
  return event && { event, jobId: id, status, workspaceId };
}

/** If it is missing or cannot be read, the first poll is the baseline. */
async function readSeen(file: string): Promise<JobChangesState | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    return undefined;
  }
}
