import {
  expectedFrames,
  isWanted,
  type Job,
  missingFrames,
  type OutputFilter,
  OutputUrls,
  type PlannedOutput,
  waitForOutputs,
} from "@renderjuice/core";
import type { IDataObject } from "n8n-workflow";
import { Fields, type OperationCall, type OperationResult } from "../shared/operation.ts";
import { downloadOutput } from "./download-output.ts";

/** Fetches the files of a job that is completed: one item per file. */
export async function downloadJob(
  call: OperationCall,
  job: Job,
  frames: string | readonly string[] | undefined,
  filter: OutputFilter = {},
): Promise<OperationResult[]> {
  const { client, signal } = call;
  const expected = expectedFrames(job, frames);
  const offered = await waitForOutputs({ client, job, expectedFrames: expected, signal });
  const outputs = offered.filter(isWanted(filter));
  const urls = new OutputUrls(outputs, () => client.jobs.downloads(job.id, { signal }));
  const binaryField = new Fields(call).text("outputBinaryField") ?? "data";
  const wanted = filter.frames ?? expected;
  const missing = wanted
    ? missingFrames(
        wanted,
        outputs.flatMap(({ frame }) => frame ?? []),
      )
    : [];
  return Promise.all(
    outputs.map((output) =>
      call.downloads(async () => {
        const { binary, sizeBytes } = await downloadOutput(call, output, urls);
        const json = { ...describeOutput(job.id, output), sizeBytes, missingFrames: missing };
        return { json, binary: { [binaryField]: binary } };
      }),
    ),
  );
}

export function describeOutput(jobId: string, output: PlannedOutput): IDataObject {
  const { kind, relativePath, frame, view, compositeNodeName } = output;
  return {
    jobId,
    kind,
    fileName: relativePath.slice(relativePath.lastIndexOf("/") + 1),
    relativePath,
    ...(frame !== undefined && { frame }),
    ...(view && { view }),
    ...(compositeNodeName && { compositeNodeName }),
  };
}
