import { jobField } from "../shared/fields.ts";
import { Fields } from "../shared/fields-of-item.ts";
import type { Operation } from "../shared/operation.ts";
import { simplifyProgress } from "../shared/simplify.ts";

export const getProgress: Operation = {
  value: "getProgress",
  name: "Get Progress",
  action: "Get progress",
  description: "Get the number of rendered frames. To find out whether the job is done, use Get.",
  properties: [jobField],
  async run(call) {
    const jobId = new Fields(call).jobId();
    const progress = await call.client.jobs.progress(jobId, { signal: call.signal });
    return [
      { json: { jobId, isRunning: progress !== undefined, ...(progress && simplifyProgress(progress)) } },
    ];
  },
};
