import { isWanted, planOutputs } from "@renderjuice/core/adapter";
import { jobField, limitField, returnAllField } from "../shared/fields.ts";
import { Fields, readLimit } from "../shared/fields-of-item.ts";
import type { Operation } from "../shared/operation.ts";
import { describeOutput } from "./download-job.ts";
import { filesField, readFilter, selectedFramesField } from "./output-fields.ts";

export const getManyOutputs: Operation = {
  value: "getAll",
  name: "Get Many",
  action: "Get many outputs",
  description: "List the files of a job, with signed URLs that expire",
  properties: [jobField, returnAllField, limitField, filesField, selectedFramesField],
  async run(call) {
    const fields = new Fields(call);
    const jobId = fields.jobId();
    const filter = readFilter(fields);
    const limit = readLimit(fields);
    const { outputs } = planOutputs(await call.client.jobs.downloads(jobId, { signal: call.signal }));
    return outputs
      .filter(isWanted(filter))
      .slice(0, limit)
      .map((output) => ({ json: { ...describeOutput(jobId, output), url: output.url } }));
  },
};
