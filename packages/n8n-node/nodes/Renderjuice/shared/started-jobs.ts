import type { RenderClient } from "@renderjuice/core";
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

  /** Nobody awaits this: n8n has ended the execution already. */
  async #cancelAll(): Promise<void> {
    const cancelEach = [...this.#jobIds].map((jobId) =>
      this.#farewell.jobs.cancel(jobId).catch((error: Error) => {
        this.#context.logger.error(`Job ${jobId} could not be canceled and may go on: ${error.message}`);
      }),
    );
    await Promise.all(cancelEach);
  }
}
