import * as z from "zod/v4";
import { type Job, type JobPage, jobPageSchema, jobSchema } from "./index.ts";

const rawPageSchema = z.looseObject({ jobs: z.array(z.unknown()) });

// Some endpoints wrap their response in `data`, which is documented for only some of them.

/** The object itself, or its `data`, if there is no `id` next to it. */
export function unwrap(body: unknown): unknown {
  if (typeof body !== "object" || body === null || "id" in body || !("data" in body)) return body;
  return typeof body.data === "object" && body.data !== null ? body.data : body;
}

/** Reads the requested job. Another job in the response would be waited for forever. */
export function readJobOf(id: string): (body: unknown) => Job {
  return (body) => {
    const job = jobSchema.parse(unwrap(body));
    if (!isSameId(job.id, id)) throw new TypeError("It is about another job.");
    return job;
  };
}

/** Actions may return the job, something else, or nothing. */
export function readJobIfAny(id: string): (body: unknown) => Job | undefined {
  return (body) => {
    const { data } = jobSchema.safeParse(unwrap(body));
    return data && isSameId(data.id, id) ? data : undefined;
  };
}

function isSameId(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** Reads `{ jobs, pagination }`, possibly wrapped in `data`, or just a list. Jobs that cannot be read are skipped. */
export function readJobPage(body: unknown): JobPage {
  const content = unwrap(body);
  const pagination = body === content ? undefined : (body as { pagination?: unknown }).pagination;
  const page = rawPageSchema.parse(Array.isArray(content) ? { jobs: content, pagination } : content);
  const readable = page.jobs.flatMap((job) => jobSchema.safeParse(job).data ?? []);
  // If none can be read, the whole response is invalid.
  return jobPageSchema.parse({ ...page, jobs: readable.length > 0 ? readable : page.jobs });
}
