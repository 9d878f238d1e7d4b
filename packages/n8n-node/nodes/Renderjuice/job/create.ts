import { createJob } from "@renderjuice/core/adapter";
import { slugField } from "../shared/fields.ts";
import { Fields } from "../shared/fields-of-item.ts";
import type { Operation } from "../shared/operation.ts";
import { simplifyJob } from "../shared/simplify.ts";

export const createFromSlug: Operation = {
  value: "create",
  name: "Create",
  action: "Create job",
  description: "Create a job from an uploaded scene. Nothing is rendered or billed yet.",
  properties: [slugField],
  async run(call) {
    const slug = new Fields(call).slug();
    const { job, lostAnswer } = await createJob(call.client, slug, { signal: call.signal });
    const json = simplifyJob(job);
    if (!lostAnswer) return [{ json }];
    return [{ json: { ...json, possibleDuplicates: [...lostAnswer.candidates] } }];
  },
};
