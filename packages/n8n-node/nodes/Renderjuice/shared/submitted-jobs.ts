import type { IDataObject, IExecuteFunctions } from "n8n-workflow";

const KEY = "renderjuiceSubmitted";

/**
 * Which item has made which job, until the node has returned. n8n's "Retry On Fail" runs the whole node again, with
 * all its items: a job that is there must be taken up then, not paid for a second time.
 */
export class SubmittedJobs {
  readonly #jobs: IDataObject;

  constructor(context: IExecuteFunctions) {
    const memory = context.getContext("node");
    memory[KEY] ??= {};
    this.#jobs = memory[KEY] as IDataObject;
  }

  get(itemIndex: number): string | undefined {
    return this.#jobs[itemIndex] as string | undefined;
  }

  set(itemIndex: number, jobId: string): void {
    this.#jobs[itemIndex] = jobId;
  }

  clear(): void {
    for (const key of Object.keys(this.#jobs)) delete this.#jobs[key];
  }
}
