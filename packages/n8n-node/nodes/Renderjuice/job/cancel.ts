import { describeCancel, ensureCanceled } from "@renderjuice/core/adapter";
import { jobField } from "../shared/fields.ts";
import { Fields } from "../shared/fields-of-item.ts";
import type { Operation } from "../shared/operation.ts";
import { simplifyJob } from "../shared/simplify.ts";

export const cancelJob: Operation = {
  value: "cancel",
  name: "Cancel",
  action: "Cancel job",
  description: "Cancel a job and wait until it is canceled. Has no effect on a job that is already done.",
  properties: [jobField],
  async run(call) {
    const { job, isCertain } = await ensureCanceled(call.client, new Fields(call).jobId(), {
      signal: call.signal,
    });
    return [{ json: { ...simplifyJob(job), isCertain, note: describeCancel({ job, isCertain }) } }];
  },
};
