import type { Resource } from "../shared/operation.ts";
import { cancelJob } from "./cancel.ts";
import { createFromSlug } from "./create.ts";
import { getJob } from "./get.ts";
import { getManyJobs } from "./get-many.ts";
import { getProgress } from "./get-progress.ts";
import { startRender } from "./start-render.ts";
import { submitJob } from "./submit.ts";
import { validateJob } from "./validate.ts";
import { waitForCompletion } from "./wait.ts";

export const jobResource: Resource = {
  value: "job",
  name: "Job",
  defaultOperation: "submit",
  operations: [
    cancelJob,
    createFromSlug,
    getJob,
    getManyJobs,
    getProgress,
    startRender,
    submitJob,
    validateJob,
    waitForCompletion,
  ],
};
