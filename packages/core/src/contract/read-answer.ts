import { z } from "zod/v4";
import { type Job, type JobPage, jobPageSchema, jobSchema } from "./index.ts";

const rawPageSchema = z.looseObject({ jobs: z.array(z.unknown()) });

// Which answers are wrapped in `data` differs between endpoints and is documented for some of them only.

/** The object itself, or what its `data` holds when there is no `id` beside it. */
export function unwrap(body: unknown): unknown {
  if (typeof body !== "object" || body === null || "id" in body || !("data" in body)) return body;
  return typeof body.data === "object" && body.data !== null ? body.data : body;
}

/** The job that was asked for. What is said of another one would be waited on for ever. */
export function readJobOf(id: string): (body: unknown) => Job {
  return (body) => {
    const job = jobSchema.parse(unwrap(body));
    if (!isSameId(job.id, id)) throw new TypeError("It is about another job.");
    return job;
  };
}

/** Actions may answer with the job, with something else or with nothing. */
export function readJobIfAny(id: string): (body: unknown) => Job | undefined {
  return (body) => {
    const { data } = jobSchema.safeParse(unwrap(body));
    return data && isSameId(data.id, id) ? data : undefined;
  };
}

function isSameId(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** `{ jobs, pagination }`, also wrapped in `data`, or a list alone. A job that cannot be read keeps none of the others. */
export function readJobPage(body: unknown): JobPage {
  const content = unwrap(body);
  const pagination = body === content ? undefined : (body as { pagination?: unknown }).pagination;
  const page = rawPageSchema.parse(Array.isArray(content) ? { jobs: content, pagination } : content);
  const readable = page.jobs.flatMap((job) => jobSchema.safeParse(job).data ?? []);
  // None of them: it is the answer that cannot be read.
  return jobPageSchema.parse({ ...page, jobs: readable.length > 0 ? readable : page.jobs });
}
