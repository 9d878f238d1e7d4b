import { jobField } from "../shared/fields.ts";
import { Fields, type Operation } from "../shared/operation.ts";
import { simplifyJob } from "../shared/simplify.ts";

export const cancelJob: Operation = {
  value: "cancel",
  name: "Cancel",
  action: "Cancel job",
  description: "Cancel a job; one that is over stays what it is",
  properties: [jobField],
  async run(call) {
    const job = await call.client.jobs.cancel(new Fields(call).jobId(), { signal: call.signal });
    return [{ json: simplifyJob(job) }];
  },
};
