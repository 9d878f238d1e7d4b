import type { IExecuteFunctions } from "n8n-workflow";
import { createN8nClient } from "./client.ts";
import type { RequestContext } from "./transport.ts";

/** The jobs that an execution has made and still looks after. */
export class StartedJobs {
  readonly #context: IExecuteFunctions;
  readonly #jobs = new Map<string, { readonly cancelOnStop: boolean }>();

  constructor(context: IExecuteFunctions) {
    this.#context = context;
    context.onExecutionCancellation(() => void this.#cancelAll());
  }

  get ids(): readonly string[] {
    return [...this.#jobs.keys()];
  }

  add(jobId: string, options: { readonly cancelOnStop: boolean }): void {
    this.#jobs.set(jobId, options);
  }

  /** The job is over, or left to go on by itself. */
  release(jobId: string): void {
    this.#jobs.delete(jobId);
  }

  /** Nobody awaits this: n8n has stopped the execution already. */
  async #cancelAll(): Promise<void> {
    const jobIds = [...this.#jobs].filter(([, { cancelOnStop }]) => cancelOnStop).map(([id]) => id);
    if (jobIds.length === 0) return;
    const client = await createN8nClient(detach(this.#context));
    await Promise.all(
      jobIds.map((jobId) =>
        client.jobs.cancel(jobId).catch((error: Error) => {
          this.#context.logger.error(`Job ${jobId} could not be canceled and may go on: ${error.message}`);
        }),
      ),
    );
  }
}

/** n8n refuses requests of a stopped execution by its cancel signal: without that member there is none. */
function detach(context: IExecuteFunctions): RequestContext {
  return {
    getCredentials: context.getCredentials.bind(context) as RequestContext["getCredentials"],
    getNode: context.getNode.bind(context),
    helpers: context.helpers,
    logger: context.logger,
  };
}
