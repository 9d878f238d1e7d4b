import { ConfigError } from "@renderjuice/core";
import { compactFrames, expectedFrames, findMissing, planOutputs } from "@renderjuice/core/adapter";
import { framesField, jobField } from "../shared/fields.ts";
import { Fields } from "../shared/fields-of-item.ts";
import type { Operation } from "../shared/operation.ts";

export const getMissingFrames: Operation = {
  value: "getMissingFrames",
  name: "Get Missing Frames",
  action: "Get missing frames",
  description: "Compare the frames that a job has rendered with those that were requested",
  properties: [
    jobField,
    {
      ...framesField,
      description: "Frames that should be there. Leave empty for those that the job was created for.",
    },
  ],
  async run(call) {
    const fields = new Fields(call);
    const options = { signal: call.signal };
    const job = await call.client.jobs.get(fields.jobId(), options);
    const expected = expectedFrames(job, fields.frames("frames"));
    if (!expected) throw framesUnknown(job.id);
    const { outputs } = planOutputs(await call.client.jobs.downloads(job.id, options));
    const { missingFrames: missing, missingParts } = findMissing(outputs, expected);
    return [
      {
        json: {
          jobId: job.id,
          status: job.status,
          isComplete: missing.length === 0,
          expectedCount: expected.length,
          missingCount: missing.length,
          missingFrames: [...missing],
          /** For the Frames field of another job. */
          missingRanges: compactFrames(missing),
          /** In words, with the views and compositor nodes that have no file. */
          missingParts: [...missingParts],
        },
      },
    ];
  },
};

function framesUnknown(jobId: string): ConfigError {
  return new ConfigError({
    code: "invalid_option",
    option: "frames",
    message: `Job ${jobId} does not say which frames it was created for.`,
    hint: "Enter the frames that should be there in the Frames field.",
  });
}
