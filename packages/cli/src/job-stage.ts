import { isFinalStatus, type Job, type JobEvent } from "@renderjuice/core";
import { hasStarted } from "@renderjuice/core/adapter";

/** How far a job is, as far as its events tell: what it costs and what there is to go on with depends on it. */
export type JobStage = "none" | "creating" | "idle" | "starting" | "rendering" | "over" | "unknown";

/** @param stage before the event */
export function stageAfter(stage: JobStage, event: JobEvent): JobStage {
  switch (event.type) {
    case "create-started":
      return "creating";
    case "job-created":
    case "validate-started":
    case "job-validated":
      return "idle";
    case "job-attached":
    case "status-changed":
      return stageOf(event, stage);
    case "render-started":
      return "starting";
    case "render-accepted":
    case "render-progressed":
      return "rendering";
    case "job-finished":
      return "over";
    default:
      return stage;
  }
}

function stageOf({ status }: Pick<Job, "status">, before: JobStage): JobStage {
  if (isFinalStatus(status)) return "over";
  if (hasStarted({ id: "", status })) return "rendering";
  return ["created", "validating", "validated"].includes(status) ? "idle" : before;
}

/** What is so of the job when this program leaves it. */
export function describeStage(stage: JobStage, jobId: string): string {
  switch (stage) {
    case "idle":
      return `Job ${jobId} was not started and is not billed.`;
    case "rendering":
      return `Job ${jobId} goes on.`;
    case "over":
      return `Job ${jobId} is complete.`;
    default:
      return `Job ${jobId} may be rendering.`;
  }
}
