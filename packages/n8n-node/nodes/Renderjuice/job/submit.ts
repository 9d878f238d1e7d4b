import {
  isFinalStatus,
  type Job,
  type JobEvent,
  type JobGoal,
  type JobResult,
  type RunJobInput,
  type RunJobOptions,
  readMissingFiles,
  runJob,
} from "@renderjuice/core";
import type { INodeProperties } from "n8n-workflow";
import { downloadJob } from "../output/download-job.ts";
import { openBinarySource } from "../shared/binary-source.ts";
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
import { Fields, type Operation, type OperationCall } from "../shared/operation.ts";
import { readRenderSettings, renderSettingsField } from "../shared/render-settings.ts";
import { simplifyJob } from "../shared/simplify.ts";
import { withTimeLimit } from "../shared/wait-for-job.ts";

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

const untilField: INodeProperties = {
  displayName: "Go On Until",
  name: "until",
  type: "options",
  options: [
    { name: "1. Job Is Created", value: "created", description: "Uploaded, nothing is checked or paid for" },
    {
      name: "2. Scene Is Validated",
      value: "validated",
      description: "The farm has looked at it, nothing is paid for",
    },
    {
      name: "3. Render Is Started",
      value: "started",
      description: "For long renders: a trigger or a loop waits better",
    },
    { name: "4. Render Is Over", value: "finished", description: "Wait here until all frames are rendered" },
    {
      name: "5. Files Are Downloaded",
      value: "downloaded",
      description: "Wait here and return one item per file",
    },
  ],
  default: "started",
  description: "The last step to take",
};

export const submitJob: Operation = {
  value: "submit",
  name: "Submit",
  action: "Submit scene",
  description: "Upload a scene, validate it, render it, wait and download, up to the step you choose",
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
    const until = (fields.text("until") ?? "started") as JobGoal;
    const plan: Omit<RunJobInput, "from"> = {
      settings: readRenderSettings(fields.collection("renderSettings")),
      ...(fields.text("frames") && { frames: fields.text("frames") ?? "" }),
    };
    const created = await createOrTakeUp(call, plan);
    if (fields.flag("cancelOnStop")) call.startedJobs.add(created.id);
    const warnings: string[] = [];
    const requireComplete = fields.flag("requireComplete");
    const goal = until === "downloaded" ? "finished" : until;
    const { job, isTimedOut } =
      goal === "created"
        ? { job: created, isTimedOut: false }
        : await withTimeLimit(call, created.id, (deadline) =>
            goOn(call, created, plan, { until: goal, requireComplete, ...deadline }, warnings),
          );
    call.startedJobs.release(job.id);
    if (until === "downloaded" && !isTimedOut) return downloadJob(call, job, plan.frames);
    const missingFiles = readMissingFiles(job.analysis);
    return [
      {
        json: {
          ...simplifyJob(job),
          isTimedOut,
          ...(missingFiles.length > 0 && { missingFiles }),
          ...(warnings.length > 0 && { warnings }),
        },
      },
    ];
  },
};

/** After a retry by n8n the job of the first try is taken up, unless it is over. */
async function createOrTakeUp(call: OperationCall, plan: Omit<RunJobInput, "from">): Promise<Job> {
  const { client, itemIndex, signal, submittedJobs } = call;
  const earlier = submittedJobs.get(itemIndex);
  if (earlier !== undefined) {
    const job = await client.jobs.get(earlier, { signal });
    if (!isFinalStatus(job.status) || job.status === "completed") return job;
  }
  const from = await readOrigin(call);
  const { job } = await call.uploads(() =>
    drain(runJob(client, { ...plan, from }, { until: "created", signal })),
  );
  submittedJobs.set(itemIndex, job.id);
  return job;
}

async function readOrigin(call: OperationCall): Promise<RunJobInput["from"]> {
  const fields = new Fields(call);
  if (fields.text("from") === "slug") return { slug: fields.text("slug") ?? "" };
  const fieldName = fields.text("inputBinaryField") ?? "data";
  return { source: await openBinarySource(call.context, call.itemIndex, fieldName, call.bodies) };
}

async function goOn(
  call: OperationCall,
  job: Job,
  plan: Omit<RunJobInput, "from">,
  options: Pick<RunJobOptions, "until" | "requireComplete" | "deadlineMs">,
  warnings: string[],
): Promise<Job> {
  const steps = runJob(
    call.client,
    { ...plan, from: { jobId: job.id } },
    { ...options, signal: call.signal },
  );
  return (
    await drain(steps, (event) => {
      if (event.type !== "warning") return;
      warnings.push(event.message);
      // Shown at the node, also when files and not the job are what it returns.
      call.context.addExecutionHints({ message: event.message, type: "warning" });
    })
  ).job;
}

async function drain(
  steps: AsyncGenerator<JobEvent, JobResult>,
  onEvent: (event: JobEvent) => void = () => {},
): Promise<JobResult> {
  for (;;) {
    const next = await steps.next();
    if (next.done) return next.value;
    onEvent(next.value);
  }
}
