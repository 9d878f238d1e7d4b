import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { redactValue } from "@renderjuice/core/adapter";
import { replaceFile } from "@renderjuice/core/adapter/node";
import * as z from "zod/v4";

const FINAL_PHASES = ["completed", "failed", "canceled"] as const;
/** `stopped`: this bridge could not continue; the farm may, and `attach` does. */
const OPEN_PHASES = ["preparing", "uploading", "validating", "rendering", "downloading", "stopped"] as const;

const jobStateSchema = z.object({
  id: z.string(),
  /** Increases with every change, across bridges: Maya ignores states that are older than the one it shows. */
  revision: z.int(),
  phase: z.enum([...OPEN_PHASES, ...FINAL_PHASES]),
  /** For the artist. */
  message: z.string(),
  hint: z.string().optional(),
  /** The job's id on the farm. */
  renderJobId: z.string().optional(),
  completedFrames: z.int().optional(),
  totalFrames: z.int().optional(),
  framesFolder: z.string().optional(),
  firstFrame: z.string().optional(),
  contactSheet: z.string().optional(),
  warnings: z.array(z.string()),
});

/** A job's progress: `state.json`, which Maya reads and which outlives both sides. */
export type JobState = z.infer<typeof jobStateSchema>;

/** @returns undefined if no bridge has started the job */
export async function readJobState(folder: string): Promise<JobState | undefined> {
  const text = await readFile(join(folder, "state.json"), "utf8").catch(() => "null");
  return jobStateSchema.safeParse(JSON.parse(text)).data;
}

export async function writeJobState(folder: string, state: JobState): Promise<void> {
  const text = JSON.stringify(redactValue(state));
  await replaceFile(join(folder, "state.json"), `${text}\n`, { mode: 0o600 });
}

export function isFinal({ phase }: Pick<JobState, "phase">): boolean {
  return (FINAL_PHASES as readonly string[]).includes(phase);
}
