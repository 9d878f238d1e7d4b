import { describeError, type RenderClient } from "@renderjuice/core";
import { describeCancel, ensureCanceled } from "@renderjuice/core/adapter";
import type { IExecuteFunctions } from "n8n-workflow";
import { createFarewellClient } from "./client.ts";

/** The jobs to cancel if the execution is stopped. */
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

  /** The job is done, or is meant to continue by itself. */
  release(jobId: string): void {
    this.#jobIds.delete(jobId);
  }

  /** The node is done: if the execution is stopped from now on, its jobs are not affected. */
  clear(): void {
    this.#jobIds.clear();
  }

  /** Nothing awaits this: n8n has already ended the execution. */
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
      logger.error(
        `Job ${jobId} could not be canceled and may still be running: ${describeError(error).text}`,
      );
    }
  }
}
