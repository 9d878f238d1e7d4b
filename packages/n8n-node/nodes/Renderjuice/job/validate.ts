import type { INodeProperties } from "n8n-workflow";
import { jobField, onTimeLimitField, timeLimitField } from "../shared/fields.ts";
import { Fields } from "../shared/fields-of-item.ts";
import type { Operation } from "../shared/operation.ts";
import { simplifyJob, toJson } from "../shared/simplify.ts";
import { readTimeLimit, waitForJob } from "../shared/wait-for-job.ts";

const waitField: INodeProperties = {
  displayName: "Wait for the Result",
  name: "waitForResult",
  type: "boolean",
  default: true,
  description: "Whether to wait until the farm has checked the scene, and return what it found",
};
const whenWaiting = { displayOptions: { show: { waitForResult: [true] } } };

export const validateJob: Operation = {
  value: "validate",
  name: "Validate",
  action: "Validate job",
  description: "Have the farm check the scene, free of charge",
  properties: [
    jobField,
    waitField,
    { ...timeLimitField, ...whenWaiting },
    { ...onTimeLimitField, ...whenWaiting },
  ],
  async run(call) {
    const fields = new Fields(call);
    const jobId = fields.jobId();
    const limit = fields.flag("waitForResult") ? readTimeLimit(fields) : undefined;
    const job = await call.client.jobs.validate(jobId, { signal: call.signal });
    if (!limit) return [{ json: simplifyJob(job) }];
    const waited = await waitForJob(call, jobId, limit, { until: "validated" });
    const { analysis } = waited.job;
    const json = {
      ...simplifyJob(waited.job),
      isTimedOut: waited.isTimedOut,
      missingFiles: analysis?.missingFiles ?? [],
      analysis: analysis ? toJson(analysis) : null,
    };
    return [{ json }];
  },
};
