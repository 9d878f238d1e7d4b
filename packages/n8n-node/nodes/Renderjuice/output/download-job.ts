import { isFinalStatus, type Job } from "@renderjuice/core";
import {
  describeFailedFile,
  describeShortfall,
  expectedFrames,
  findMissing,
  isWanted,
  type OutputFilter,
  OutputUrls,
  obtainEach,
  type PlannedOutput,
  waitForOutputs,
} from "@renderjuice/core/adapter";
import type { IDataObject } from "n8n-workflow";
import { baseName } from "../shared/base-name.ts";
import { Fields } from "../shared/fields-of-item.ts";
import type { OperationCall, OperationResult } from "../shared/operation.ts";
import { toJson } from "../shared/simplify.ts";
import { downloadOutput } from "./download-output.ts";

/** Downloads the files of a completed job, one item per file. */
export async function downloadJob(
  call: OperationCall,
  job: Job,
  frames: string | readonly string[] | undefined,
  filter: OutputFilter = {},
): Promise<OperationResult[]> {
  const { client, signal } = call;
  const expected = expectedFrames(job, frames);
  const plan = await waitForOutputs({ client, job, expectedFrames: expected, signal });
  const outputs = plan.outputs.filter(isWanted(filter));
  const urls = new OutputUrls(outputs, () => client.jobs.downloads(job.id, { signal }));
  const binaryField = new Fields(call).text("outputBinaryField") ?? "data";
  const obtained = await obtainEach({
    outputs,
    limit: call.downloads,
    signal,
    nameOf: ({ relativePath }) => relativePath,
    obtain: async (output, stop) => ({
      output,
      ...(await downloadOutput({ ...call, signal: stop }, output, urls)),
    }),
  });
  const summary = {
    ...findMissing(plan.outputs, filter.frames ?? expected, filter.kinds),
    failedFiles: [
      ...plan.refused.map(({ name, error }) => describeFailedFile(name, error)),
      ...obtained.failedFiles,
    ],
  };
  const hints = isFinalStatus(job.status)
    ? describeShortfall(summary)
    : [{ message: `it is ${job.status}, so these are only the files so far.`, hint: "" }];
  for (const { message, hint } of hints) {
    call.context.addExecutionHints({ message: `Job ${job.id}: ${message} ${hint}`.trim(), type: "warning" });
  }
  return obtained.files.map(({ output, binary, sizeBytes }) => ({
    json: { ...describeOutput(job.id, output), sizeBytes, ...toJson(summary) },
    binary: { [binaryField]: binary },
  }));
}

export function describeOutput(jobId: string, output: PlannedOutput): IDataObject {
  const { kind, relativePath, frame, view, compositeNodeName } = output;
  return {
    jobId,
    kind,
    fileName: baseName(relativePath),
    relativePath,
    frame,
    view,
    compositeNodeName,
  };
}
