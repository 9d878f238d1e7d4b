import { isFinalStatus } from "@renderjuice/core";
import { hasStarted } from "@renderjuice/core/adapter";
import { jobField, simplifyField } from "../shared/fields.ts";
import { Fields } from "../shared/fields-of-item.ts";
import type { Operation } from "../shared/operation.ts";
import { simplifyJob, toJson } from "../shared/simplify.ts";

export const getJob: Operation = {
  value: "get",
  name: "Get",
  action: "Get job",
  description: "Get a job: its status, whether it is final, and its progress while it renders",
  properties: [jobField, simplifyField],
  async run(call) {
    const fields = new Fields(call);
    const options = { signal: call.signal };
    const job = await call.client.jobs.get(fields.jobId(), options);
    if (!fields.flag("simplify")) return [{ json: toJson(job) }];
    const isRendering = hasStarted(job) && !isFinalStatus(job.status);
    const progress = isRendering ? await call.client.jobs.progressIfAny(job.id, options) : undefined;
    return [{ json: simplifyJob(job, progress) }];
  },
};
