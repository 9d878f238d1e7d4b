import type { Job, SubmitOptions } from "@renderjuice/core";
import { JOB_GOALS, type JobGoal } from "@renderjuice/core/adapter";
import type { INodeProperties } from "n8n-workflow";
import { downloadJob } from "../output/download-job.ts";
import {
  cancelOnStopField,
  framesField,
  inputBinaryField,
  onTimeLimitField,
  outputBinaryField,
  requireCompleteField,
  slugField,
  timeLimitField,
} from "../shared/fields.ts";
import { Fields } from "../shared/fields-of-item.ts";
import type { Operation, OperationCall } from "../shared/operation.ts";
import { readRenderSettings, renderSettingsField } from "../shared/render-settings.ts";
import { simplifyJob } from "../shared/simplify.ts";
import { readTimeLimit, withTimeLimit } from "../shared/wait-for-job.ts";
import { createOrResume, passWarnings, type RenderPlan, type Warn } from "./create-or-resume.ts";

const fromField: INodeProperties = {
  displayName: "Scene From",
  name: "from",
  type: "options",
  options: [
    { name: "Binary Field", value: "binary", description: "A .blend or .zip in the input item" },
    { name: "Slug", value: "slug", description: "A file that was uploaded before" },
  ],
  default: "binary",
  description: "Where the scene comes from",
};

const STEPS: Readonly<Record<JobGoal, readonly [name: string, description: string]>> = {
  created: ["Job Is Created", "Only upload the scene. Nothing is checked or billed."],
  validated: ["Scene Is Validated", "Have the farm check the scene. Nothing is billed."],
  started: ["Render Is Started", "Best for long renders: use a trigger or a loop to wait"],
  finished: ["Render Is Done", "Wait here until all frames are rendered"],
  downloaded: ["Files Are Downloaded", "Wait here and return one item per file"],
};

const untilField: INodeProperties = {
  displayName: "Continue Until",
  name: "until",
  type: "options",
  options: JOB_GOALS.map((value, index) => {
    const [name, description] = STEPS[value];
    return { name: `${index + 1}. ${name}`, value, description };
  }),
  default: "started",
  description: "The last step of this node",
};

export const submitJob: Operation = {
  value: "submit",
  name: "Submit",
  action: "Submit scene",
  description:
    "Upload, validate and render a scene, wait for it and download the frames, up to the step you choose",
  properties: [
    fromField,
    { ...inputBinaryField, displayOptions: { show: { from: ["binary"] } } },
    { ...slugField, displayOptions: { show: { from: ["slug"] } } },
    framesField,
    renderSettingsField,
    untilField,
    { ...outputBinaryField, displayOptions: { show: { until: ["downloaded"] } } },
    { ...timeLimitField, default: 60, displayOptions: { hide: { until: ["created"] } } },
    { ...onTimeLimitField, displayOptions: { hide: { until: ["created"] } } },
    { ...requireCompleteField, displayOptions: { hide: { until: ["created"] } } },
    cancelOnStopField,
  ],
  async run(call) {
    const fields = new Fields(call);
    const until = fields.choice("until") as JobGoal;
    const frames = fields.frames("frames");
    const settings = readRenderSettings(fields.collection("renderSettings"));
    const plan: RenderPlan = { settings, frames };
    const cancelOnStop = fields.flag("cancelOnStop");
    const requireComplete = fields.flag("requireComplete");
    const limit = until === "created" ? undefined : readTimeLimit(fields);
    const warnings: string[] = [];
    const warn: Warn = (...parts) => {
      const message = parts.filter(Boolean).join(" ");
      warnings.push(message);
      // Shown at the node, even if it returns files instead of the job.
      call.context.addExecutionHints({ message, type: "warning" });
    };
    const { job: created, wasResumed } = await createOrResume(call, plan, warn);
    if (cancelOnStop) call.startedJobs.add(created.id);
    const goal = until === "downloaded" ? "finished" : until;
    const { job, isTimedOut } = limit
      ? await withTimeLimit(call, created.id, limit, (deadline) =>
          continueUntil(call, created, { ...plan, until: goal, requireComplete, ...deadline }, warn),
        )
      : { job: created, isTimedOut: false };
    call.startedJobs.release(job.id);
    if (until === "downloaded" && !isTimedOut) return downloadJob(call, job, plan.frames);
    const missingFiles = job.analysis?.missingFiles ?? [];
    return [
      {
        json: {
          ...simplifyJob(job),
          isTimedOut,
          wasResumed,
          ...(missingFiles.length > 0 && { missingFiles }),
          ...(warnings.length > 0 && { warnings }),
        },
      },
    ];
  },
};

async function continueUntil(
  { client, signal }: OperationCall,
  { id: jobId }: Job,
  options: Pick<SubmitOptions, "frames" | "settings" | "until" | "requireComplete" | "deadlineMs">,
  warn: Warn,
): Promise<Job> {
  const { job } = await client.submit({ jobId }, { ...options, onEvent: passWarnings(warn), signal });
  return job;
}
