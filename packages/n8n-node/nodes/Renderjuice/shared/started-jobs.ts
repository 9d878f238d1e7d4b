import type { RenderClient } from "@renderjuice/core";
import { describeCancel, ensureCanceled } from "@renderjuice/core/adapter";
import type { IExecuteFunctions } from "n8n-workflow";
import { createFarewellClient } from "./client.ts";

/** The jobs that an execution looks after: those that are to be canceled when it is stopped. */
export class StartedJobs {
  readonly #context: IExecuteFunctions;
  readonly #farewell: RenderClient;
  readonly #jobIds = new Set<string>();

  private constructor(context: IExecuteFunctions, farewell: RenderClient) {
    this.#context = context;
    this.#farewell = farewell;
    context.onExecutionCancellation(() => void this.#cancelAll());
  }

  static async open(context: IExecuteFunctions): Promise<StartedJobs> {
    return new StartedJobs(context, await createFarewellClient(context));
  }

  add(jobId: string): void {
    this.#jobIds.add(jobId);
  }

  /** The job is over, or left to go on by itself. */
  release(jobId: string): void {
    this.#jobIds.delete(jobId);
  }

  /** The node has done its work: what is stopped from now on is something else. */
  clear(): void {
    this.#jobIds.clear();
  }

  /** Nobody awaits this: n8n has ended the execution already. */
  async #cancelAll(): Promise<void> {
    await Promise.all([...this.#jobIds].map((jobId) => this.#cancel(jobId)));
  }

  async #cancel(jobId: string): Promise<void> {
    const { logger } = this.#context;
    try {
      const outcome = await ensureCanceled(this.#farewell, jobId);
      if (outcome.isCertain) logger.info(describeCancel(outcome));
      else logger.warn(describeCancel(outcome));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      logger.error(`Job ${jobId} could not be canceled and may go on: ${message}`);
    }
  }
}
