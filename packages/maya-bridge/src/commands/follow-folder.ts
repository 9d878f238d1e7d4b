import { reportRateLimits } from "@renderjuice/core/adapter";
import { createNodeClient, type NodeClient } from "@renderjuice/core/node";
import type { JobState } from "../job/job-state.ts";
import { MayaNotifier } from "../job/maya-notifier.ts";
import { runJobFolder } from "../job/run-job-folder.ts";
import { say } from "./run-command.ts";

/** Runs a job to its end and keeps its Maya informed. @returns the last state */
export async function followFolder(folder: string, onState: (state: JobState) => void): Promise<JobState> {
  const notifier = new MayaNotifier(folder, say);
  let client: NodeClient | undefined;
  const connect = () => {
    client ??= createNodeClient({
      userAgent: `renderjuice-maya node/${process.versions.node}`,
      onEvent: reportRateLimits(say, () => performance.now()),
    });
    return client;
  };
  try {
    return await runJobFolder(folder, {
      connect,
      onState: (state) => {
        onState(state);
        notifier.update(state);
      },
    });
  } finally {
    await notifier.close();
    await client?.close();
  }
}
