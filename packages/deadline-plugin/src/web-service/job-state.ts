import * as z from "zod/v4";

/** The numbers of `Stat` in a job's document; Deadline has no 5. */
const STATES = {
  1: "active",
  2: "suspended",
  3: "completed",
  4: "failed",
  6: "pending",
} as const;

/** `active` is queued or rendering. */
export type JobState = (typeof STATES)[keyof typeof STATES] | "unknown";

const chunks = z.number().nullish();

/** The parts of a job's document that are read; its keys are Deadline's abbreviations. */
export const jobDocumentSchema = z.looseObject({
  _id: z.string().min(1),
  Stat: z.number(),
  Props: z.looseObject({ Name: z.string().nullish() }).nullish(),
  CompletedChunks: chunks,
  RenderingChunks: chunks,
  FailedChunks: chunks,
});
type JobDocument = z.infer<typeof jobDocumentSchema>;

export interface FarmJob {
  readonly id: string;
  readonly name: string;
  readonly state: JobState;
  /** None of its tasks is done, running or failed. */
  readonly isUntouched: boolean;
}

export function toFarmJob(document: JobDocument): FarmJob {
  const { _id, Stat, Props, CompletedChunks, RenderingChunks, FailedChunks } = document;
  return {
    id: _id,
    name: Props?.Name ?? "",
    state: STATES[Stat as keyof typeof STATES] ?? "unknown",
    // Unknown counts prove nothing.
    isUntouched: [CompletedChunks, RenderingChunks, FailedChunks].every((count) => count === 0),
  };
}
