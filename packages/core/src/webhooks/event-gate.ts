import type { WebhookEvent } from "../contract/index.ts";
import { webhookKey } from "./verify-webhook.ts";

export interface EventGateOptions {
  readonly rememberMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Hands over each event once. A repeated delivery waits for the outcome of the first; an event that failed may be
 * delivered again.
 *
 * @returns a function that says whether the event was new, and throws what `handOver` throws.
 */
export function createEventGate(
  handOver: (event: WebhookEvent) => void | Promise<void>,
  { rememberMs, now }: EventGateOptions,
): (event: WebhookEvent) => Promise<boolean> {
  const taken = new Map<string, { readonly atMs: number; readonly done: Promise<void> }>();
  const forgetOld = () => {
    for (const [key, { atMs }] of taken) {
      if (now() - atMs <= rememberMs) break;
      taken.delete(key);
    }
  };
  return async (event) => {
    forgetOld();
    const key = webhookKey(event);
    const earlier = taken.get(key);
    if (earlier) {
      await earlier.done;
      return false;
    }
    const done = Promise.resolve().then(() => handOver(event));
    taken.set(key, { atMs: now(), done });
    try {
      await done;
    } catch (error) {
      taken.delete(key);
      throw error;
    }
    return true;
  };
}
