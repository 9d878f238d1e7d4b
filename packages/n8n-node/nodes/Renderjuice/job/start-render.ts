import { buildRenderConfig, throwIfFailed } from "@renderjuice/core/adapter";
import { framesField, jobField } from "../shared/fields.ts";
import { Fields } from "../shared/fields-of-item.ts";
import type { Operation } from "../shared/operation.ts";
import { readRenderSettings, renderSettingsField } from "../shared/render-settings.ts";
import { simplifyJob } from "../shared/simplify.ts";

export const startRender: Operation = {
  value: "startRender",
  name: "Start Render",
  action: "Start render",
  description: "Render a validated job. Safe to repeat: a job is rendered once.",
  properties: [jobField, framesField, renderSettingsField],
  async run(call) {
    const fields = new Fields(call);
    const config = buildRenderConfig(
      readRenderSettings(fields.collection("renderSettings")),
      fields.frames("frames"),
    );
    const { job, wasReplayed } = await call.client.jobs.startRender(fields.jobId(), config, {
      signal: call.signal,
    });
    // The farm answers with the job as it is, also for one that was started and is over.
    throwIfFailed(job);
    return [{ json: { ...simplifyJob(job), wasAlreadyStarted: wasReplayed } }];
  },
};
