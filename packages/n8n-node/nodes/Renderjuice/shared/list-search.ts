import type { Job, RenderClient } from "@renderjuice/core";
import { describeFailure, type JobPage, NotFoundError } from "@renderjuice/core/adapter";
import type { ILoadOptionsFunctions, INodeListSearchResult } from "n8n-workflow";
import { createN8nClient } from "./client.ts";
import { toNodeError } from "./errors.ts";

const PAGE_SIZE = 100;
/** What one look for a word reads at most; the editor asks for more when its list is scrolled to the end. */
const MAX_PAGES = 20;
const ENOUGH_RESULTS = 50;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Fills the list of a job field. A word is looked for on as many pages as it takes; an ID is asked for directly. */
export async function searchJobs(
  this: ILoadOptionsFunctions,
  filter = "",
  paginationToken?: string,
): Promise<INodeListSearchResult> {
  const wanted = filter.trim().toLowerCase();
  try {
    const client = await createN8nClient(this);
    if (UUID.test(wanted)) return { results: (await findJob(client, wanted)).map(toResult) };
    return await readPages(client, wanted, Number(paginationToken ?? 1));
  } catch (error) {
    throw toNodeError(this.getNode(), error);
  }
}

async function findJob(client: RenderClient, id: string): Promise<Job[]> {
  const found = client.jobs.get(id).then((job) => [job]);
  return found.catch((error) => {
    if (NotFoundError.isInstance(error)) return [];
    throw error;
  });
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

/** Jobs have no names: the scene, where the farm tells it, the status, and when it was made. */
function nameJob(job: Job): string {
  const reason = describeFailure(job);
  const created = job.createdAt && `${job.createdAt.slice(0, 16).replace("T", " ")} UTC`;
  const scene = job.sceneFile?.fileName ?? job.sceneFile?.name;
  return [scene, `${job.status}${reason ? ` (${reason})` : ""}`, created, job.id.slice(0, 8)]
    .filter(Boolean)
    .join(" · ");
}
