import type { IDataObject, IExecuteFunctions } from "n8n-workflow";

const KEY = "renderjuiceSubmitted";

/** What a job was created for, under the names that people use. Equal texts mean the same thing. */
export type SubmitPlan = Readonly<Record<"scene" | "frames" | "render settings" | "base URL", string>>;

export interface SubmittedJob {
  readonly jobId: string;
  readonly executionId: string;
  readonly plan: SubmitPlan;
}

/**
 * Which item has created which job, until all items have succeeded. n8n runs the whole node again, with all its items: for
 * "Retry On Fail", even if the node continues after errors, and if a person retries an execution. An existing job must then
 * be resumed, not paid for a second time.
 */
export class SubmittedJobs {
  readonly #jobs: IDataObject;

  constructor(context: IExecuteFunctions) {
    const memory = context.getContext("node");
    // In a loop, a node runs several times in one execution, with different items each time.
    const run = `${KEY}/${context.getWorkflowDataProxy(0).$thisRunIndex}`;
    memory[run] ??= {};
    this.#jobs = memory[run] as IDataObject;
  }

  get(itemIndex: number): SubmittedJob | undefined {
    return this.#jobs[itemIndex] as unknown as SubmittedJob | undefined;
  }

  set(itemIndex: number, job: SubmittedJob): void {
    this.#jobs[itemIndex] = job as unknown as IDataObject;
  }

  clear(): void {
    for (const key of Object.keys(this.#jobs)) delete this.#jobs[key];
  }
}
