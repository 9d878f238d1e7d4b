import { jobField, outputBinaryField } from "../shared/fields.ts";
import { Fields } from "../shared/fields-of-item.ts";
import type { Operation } from "../shared/operation.ts";
import { downloadJob } from "./download-job.ts";
import { filesField, readFilter, selectedFramesField } from "./output-fields.ts";

export const downloadOutputs: Operation = {
  value: "download",
  name: "Download",
  action: "Download output",
  description: "Download the files of a completed job, one item per file",
  properties: [jobField, filesField, selectedFramesField, outputBinaryField],
  async run(call) {
    const fields = new Fields(call);
    const filter = readFilter(fields);
    const job = await call.client.jobs.get(fields.jobId(), { signal: call.signal });
    return downloadJob(call, job, undefined, filter);
  },
};
