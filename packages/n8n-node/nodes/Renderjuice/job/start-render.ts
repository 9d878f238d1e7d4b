import { throwIfFailed } from "@renderjuice/core/adapter";
import { framesField, jobField } from "../shared/fields.ts";
import { Fields } from "../shared/fields-of-item.ts";
import type { Operation } from "../shared/operation.ts";
import { readRenderConfig, renderSettingsField } from "../shared/render-settings.ts";
import { simplifyJob } from "../shared/simplify.ts";

export const startRender: Operation = {
  value: "startRender",
  name: "Start Render",
  action: "Start render",
  description: "Render a validated job. Safe to repeat: a job is only rendered once.",
  properties: [jobField, framesField, renderSettingsField],
  async run(call) {
    const fields = new Fields(call);
    const config = readRenderConfig(fields);
    const { job, wasReplayed } = await call.client.jobs.startRender(fields.jobId(), config, {
      signal: call.signal,
    });
    // The farm responds with the current job, even if it was started before and has ended.
    throwIfFailed(job);
    return [{ json: { ...simplifyJob(job), wasAlreadyStarted: wasReplayed } }];
  },
};
