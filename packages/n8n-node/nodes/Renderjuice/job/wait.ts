import type { INodeProperties } from "n8n-workflow";
import { cancelOnStopField, jobField, onTimeLimitField, timeLimitField } from "../shared/fields.ts";
import { Fields } from "../shared/fields-of-item.ts";
import type { Operation } from "../shared/operation.ts";
import { simplifyJob } from "../shared/simplify.ts";
import { readTimeLimit, waitForJob } from "../shared/wait-for-job.ts";

const untilField: INodeProperties = {
  displayName: "Wait Until",
  name: "until",
  type: "options",
  options: [
    { name: "Job Is Done", value: "finished", description: "Completed, failed or canceled" },
    { name: "Scene Is Validated", value: "validated" },
  ],
  default: "finished",
  description: "The step to wait for",
};

const failField: INodeProperties = {
  displayName: "Fail When the Job Fails",
  name: "failOnFailure",
  type: "boolean",
  default: true,
  description:
    "Whether to stop with an error if the job fails or is canceled, instead of returning its status",
};

export const waitForCompletion: Operation = {
  value: "wait",
  name: "Wait",
  action: "Wait for job",
  description: "Wait for a short render. For long ones, use a loop with a Wait node, or a trigger.",
  properties: [jobField, untilField, timeLimitField, onTimeLimitField, failField, cancelOnStopField],
  async run(call) {
    const fields = new Fields(call);
    const jobId = fields.jobId();
    const until = fields.choice("until") === "validated" ? "validated" : "finished";
    const throwOnFailure = fields.flag("failOnFailure");
    const limit = readTimeLimit(fields);
    if (fields.flag("cancelOnStop")) call.startedJobs.add(jobId);
    const { job, isTimedOut } = await waitForJob(call, jobId, limit, { until, throwOnFailure });
    call.startedJobs.release(jobId);
    return [{ json: { ...simplifyJob(job), isTimedOut } }];
  },
};
