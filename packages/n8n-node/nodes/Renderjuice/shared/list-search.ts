import type { Job, RenderClient } from "@renderjuice/core";
import { describeFailure, findJob, type JobPage, sceneName } from "@renderjuice/core/adapter";
import type { ILoadOptionsFunctions, INodeListSearchResult } from "n8n-workflow";
import { createN8nClient } from "./client.ts";
import { toNodeError } from "./errors.ts";

const PAGE_SIZE = 100;
/** The most pages that one search reads. The editor requests more when its list is scrolled to the end. */
const MAX_PAGES = 20;
const ENOUGH_RESULTS = 50;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Fills the list of a job field. A word is searched for on as many pages as it takes; an ID is looked up directly. */
export async function searchJobs(
  this: ILoadOptionsFunctions,
  filter = "",
  paginationToken?: string,
): Promise<INodeListSearchResult> {
  const wanted = filter.trim().toLowerCase();
  try {
    const client = await createN8nClient(this);
    if (UUID.test(wanted)) {
      const job = await findJob(client, wanted);
      return { results: job ? [toResult(job)] : [] };
    }
    return await readPages(client, wanted, Number(paginationToken ?? 1));
  } catch (error) {
    throw toNodeError(this.getNode(), error);
  }
}

async function readPages(
  client: RenderClient,
  wanted: string,
  firstPage: number,
): Promise<INodeListSearchResult> {
  const results: ReturnType<typeof toResult>[] = [];
  for (let page = firstPage; ; page++) {
    const { jobs, pagination }: JobPage = await client.jobs.list({ page, pageSize: PAGE_SIZE });
    results.push(
      ...jobs.map(toResult).filter(({ name, value }) => `${name} ${value}`.toLowerCase().includes(wanted)),
    );
    if (jobs.length === 0 || page >= (pagination?.totalPages ?? 1)) return { results };
    const isEnough = results.length >= ENOUGH_RESULTS || page - firstPage + 1 >= MAX_PAGES;
    if (isEnough) return { results, paginationToken: String(page + 1) };
  }
}

function toResult(job: Job) {
  return { name: nameJob(job), value: job.id };
}

/** Jobs have no names: their scene, if the farm reports it, their status, and when they were created. */
function nameJob(job: Job): string {
  const reason = describeFailure(job);
  const created = job.createdAt && `${job.createdAt.slice(0, 16).replace("T", " ")} UTC`;
  return [sceneName(job), `${job.status}${reason ? ` (${reason})` : ""}`, created, job.id.slice(0, 8)]
    .filter(Boolean)
    .join(" · ");
}
