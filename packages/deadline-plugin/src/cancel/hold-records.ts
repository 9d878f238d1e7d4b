import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { RunRecord, systemRuntime } from "@renderjuice/core/adapter/node";
import type { Protocol } from "../protocol.ts";
import type { CancelRequest } from "./cancel-request.ts";

/** A Worker takes a while to notice that its task was taken away. */
const PATIENCE_MS = 5 * 60_000;

/**
 * Locks the records of a Deadline job's renders, so that nobody starts one in the meantime. Waits until the current
 * holder is gone; whoever comes later waits too. Continues without the lock after five minutes.
 *
 * @returns the records; dispose of them when you are done
 */
export async function holdRecords(
  { outDir, tagPrefix }: CancelRequest,
  protocol: Protocol,
): Promise<RunRecord[]> {
  if (outDir === undefined) return [];
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const held: RunRecord[] = [];
  for (const tag of await listTags(outDir, tagPrefix)) {
    try {
      const onWait = () => protocol.status("Waiting for the Worker to let go of the task");
      const path = join(outDir, ".renderjuice", `${tag}.json`);
      held.push(await RunRecord.claim(path, { tag, runtime: systemRuntime, signal, onWait }));
    } catch (error) {
      if (!signal.aborted) throw error;
      protocol.log("Warning: a Worker is still working on the task; canceling anyway.");
    }
  }
  return held;
}

/** Of the records that exist, and of those that a process has only locked. */
async function listTags(outDir: string, tagPrefix: string): Promise<string[]> {
  const names = await readdir(join(outDir, ".renderjuice")).catch(() => []);
  const tags = names.flatMap((name) => /^(.+)\.json(?:\.lock)?$/.exec(name)?.[1] ?? []);
  return [...new Set(tags)].filter((tag) => tag.startsWith(tagPrefix));
}
