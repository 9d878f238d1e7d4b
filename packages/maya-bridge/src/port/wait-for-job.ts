import { setTimeout } from "node:timers/promises";
import * as z from "zod/v4";
import { isAlive } from "./describe-silence.ts";
import { MayaError } from "./maya-error.ts";
import type { MayaRpc } from "./maya-rpc.ts";

const ASK_AGAIN_MS = 500;
/** Each call waits in Maya's queue until it is answered, and the queue is short. */
const BUSY_MS = 30_000;

const submissionSchema = z.discriminatedUnion("state", [
  z.object({ state: z.enum(["accepted", "running", "unknown"]) }),
  z.object({ state: z.literal("submitted"), job: z.string() }),
  z.object({ state: z.literal("failed"), message: z.string(), hint: z.string() }),
]);

interface WaitForJobOptions {
  /** The key of the submission. */
  readonly key: string;
  /** Maya's process. */
  readonly pid: number;
  /** Prints a line for the user who waits. */
  readonly say: (message: string) => void;
  readonly sleep?: (ms: number) => Promise<unknown>;
}

/**
 * Waits until Maya has turned a submission into a job. The export may take long, and Maya does not answer in the
 * meantime.
 *
 * @returns the job's id
 * @throws MayaError `failed` if there will be no job; after any other code there may still be one.
 */
export async function waitForJob(rpc: Pick<MayaRpc, "call">, options: WaitForJobOptions): Promise<string> {
  const { sleep = setTimeout } = options;
  for (;;) {
    const submission = submissionSchema.parse(await askPatiently(rpc, { ...options, sleep }));
    if (submission.state === "submitted") return submission.job;
    if (submission.state === "failed") throw new MayaError({ failure: "failed", ...submission });
    if (submission.state === "unknown") throw forgotten();
    await sleep(ASK_AGAIN_MS);
  }
}

async function askPatiently(
  rpc: Pick<MayaRpc, "call">,
  { key, pid, say, sleep }: Required<WaitForJobOptions>,
): Promise<unknown> {
  for (;;) {
    try {
      return await rpc.call("submission", { key });
    } catch (error) {
      // Unlike the submission itself, this changes nothing and can be repeated.
      const isBusy = MayaError.isInstance(error) && (error.failure === "silent" || error.failure === "busy");
      if (!isBusy || !isAlive(pid)) throw error;
      say(`${error.message} Waiting. ${error.hint ?? ""}`);
      await sleep(BUSY_MS);
    }
  }
}

function forgotten(): MayaError {
  return new MayaError({
    failure: "lost",
    message: "Maya no longer knows the submission: it was restarted in the meantime.",
  });
}
