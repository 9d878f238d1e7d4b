import type { WebhookEvent } from "@renderjuice/core";
import { webhookKey } from "@renderjuice/core/adapter";
import type { IWebhookFunctions } from "n8n-workflow";

/** Renderjuice only repeats a delivery for a short time. */
const REMEMBERED_EVENTS = 200;

/** For all nodes of this process: simultaneous deliveries all get the same, old copy of a node's memory from n8n. */
const justSeen = new Set<string>();

/** The events for which a trigger has started its workflow. Remembered across restarts. */
export class SeenEvents {
  readonly #memory: { seen?: string[] | undefined };
  readonly #node: string;

  constructor(context: IWebhookFunctions) {
    this.#memory = context.getWorkflowStaticData("node");
    this.#node = `${context.getWorkflow().id}/${context.getNode().id}`;
  }

  /** @returns false if the event was seen before */
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

  /** For an event that did not start the workflow: Renderjuice sends it again. */
  forget(event: WebhookEvent): void {
    const key = webhookKey(event);
    this.#memory.seen = (this.#memory.seen ?? []).filter((other) => other !== key);
    justSeen.delete(this.#globalKey(key));
  }

  #globalKey(key: string): string {
    return `${this.#node}/${key}`;
  }
}
