import { describeFailure, type Job } from "@renderjuice/core";
import type { ILoadOptionsFunctions, INodeListSearchResult } from "n8n-workflow";
import { createN8nClient } from "./client.ts";
import { toNodeError } from "./errors.ts";

/** Fills the list of a job field, one page of the farm's list at a time. */
export async function searchJobs(
  this: ILoadOptionsFunctions,
  filter?: string,
  paginationToken?: string,
): Promise<INodeListSearchResult> {
  const page = Number(paginationToken ?? 1);
  try {
    const client = await createN8nClient(this);
    const { jobs, pagination } = await client.jobs.list({ page, pageSize: 50 });
    const wanted = filter?.toLowerCase() ?? "";
    const results = jobs
      .map((job) => ({ name: nameJob(job), value: job.id }))
      .filter(({ name, value }) => `${name} ${value}`.toLowerCase().includes(wanted));
    const hasMore = page < (pagination?.totalPages ?? 1);
    return { results, ...(hasMore && { paginationToken: String(page + 1) }) };
  } catch (error) {
    throw toNodeError(this.getNode(), error);
  }
}

/** Jobs have no names: the scene, where the farm tells it, the status, and when it was made. */
function nameJob(job: Job): string {
  const reason = describeFailure(job);
  const created = job.createdAt?.slice(0, 16).replace("T", " ");
  return [sceneName(job), `${job.status}${reason ? ` (${reason})` : ""}`, created, job.id.slice(0, 8)]
    .filter(Boolean)
    .join(" · ");
}

function sceneName({ sceneFile }: Job): string | undefined {
  if (typeof sceneFile === "string") return sceneFile;
  const { fileName, name } = (sceneFile ?? {}) as { fileName?: unknown; name?: unknown };
  return [fileName, name].find((value) => typeof value === "string");
}
