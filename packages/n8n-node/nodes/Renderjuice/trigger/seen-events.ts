import type { WebhookEvent } from "@renderjuice/core";
import { webhookKey } from "@renderjuice/core/adapter";
import type { IWebhookFunctions } from "n8n-workflow";

/** Renderjuice repeats a delivery for a short while only. */
const REMEMBERED_EVENTS = 200;

/** Of all nodes of this process: n8n gives deliveries of the same moment the same, old copy of a node's memory. */
const justSeen = new Set<string>();

/** The events that a trigger has started its workflow for, also before a restart. */
export class SeenEvents {
  readonly #memory: { seen?: string[] | undefined };
  readonly #node: string;

  constructor(context: IWebhookFunctions) {
    this.#memory = context.getWorkflowStaticData("node");
    this.#node = `${context.getWorkflow().id}/${context.getNode().id}`;
  }

  /** @returns false when the event was there before */
  add(event: WebhookEvent): boolean {
    const key = webhookKey(event);
    const seen = this.#memory.seen ?? [];
    if (seen.includes(key) || justSeen.has(this.#globalKey(key))) return false;
    this.#memory.seen = [...seen, key].slice(-REMEMBERED_EVENTS);
    justSeen.add(this.#globalKey(key));
    for (const oldest of justSeen) {
      if (justSeen.size <= REMEMBERED_EVENTS) break;
      justSeen.delete(oldest);
    }
    return true;
  }

  /** For an event that could not be handed on: it will be sent again. */
  forget(event: WebhookEvent): void {
    const key = webhookKey(event);
    this.#memory.seen = (this.#memory.seen ?? []).filter((other) => other !== key);
    justSeen.delete(this.#globalKey(key));
  }

  #globalKey(key: string): string {
    return `${this.#node}/${key}`;
  }
}
